//! What Countersign is about, with no AWS, no runtime, no clock and no input or output.
//!
//! Start at [`workflow::TABLE`]: the rows that say who may take which step on a request. Everything else serves it:
//! [`request`] is what a request is, [`form`] what a maker fills in (defined as data in [`eservice`]), [`actor`] who
//! acts, [`receipt`] what an actor has read, [`history`] what stays on record, [`wording`] what people read of it.
//! Whatever depends on the time takes `now`.

pub mod actor;
pub mod approval;
pub mod calendar;
pub mod campaign;
pub mod character;
pub mod contact;
pub mod eservice;
pub mod fact;
pub mod fault;
pub mod field;
pub mod form;
pub mod history;
pub mod id;
pub mod language;
pub mod lease;
pub mod mail;
pub mod participantship;
pub mod receipt;
pub mod register;
pub mod reminder;
pub mod request;
mod spelled;
pub mod time;
pub mod wording;
pub mod workflow;
