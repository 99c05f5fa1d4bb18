//! The rules of Countersign, with no AWS, no runtime, no clock and no input or output.
//!
//! Start at [`workflow::TABLE`]: each row says who may take which step on a request. The other modules serve it:
//! [`request`] defines a request, [`form`] what a maker fills in (defined as data in [`eservice`]), [`actor`] who acts,
//! [`receipt`] what an actor has read, [`history`] what stays on record, [`wording`] the text that people read. Every
//! function that depends on the time takes `now`.

pub mod actor;
pub mod approval;
pub mod audit;
pub mod calendar;
pub mod campaign;
pub mod character;
pub mod commitment;
pub mod contact;
pub mod daily;
pub mod directory;
pub mod eservice;
pub mod event;
pub mod fact;
pub mod fault;
pub mod field;
pub mod form;
pub mod history;
pub mod id;
pub mod language;
pub mod lease;
pub mod mail;
pub mod names;
pub mod participantship;
pub mod receipt;
pub mod register;
pub mod reminder;
pub mod request;
pub mod shortage;
mod spelled;
pub mod time;
pub mod trail;
pub mod wording;
pub mod workflow;
