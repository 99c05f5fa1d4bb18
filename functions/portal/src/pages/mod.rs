//! The pages, each with who may call it.

pub(crate) mod audit;
mod begin;
pub(crate) mod catalogue;
pub(crate) mod company;
mod field_view;
mod fields;
mod fill_in;
pub(crate) mod form;
pub(crate) mod help;
mod history;
pub(crate) mod home;
pub(crate) mod language;
pub(crate) mod list;
pub(crate) mod problem;
pub(crate) mod profile;
pub(crate) mod readiness;
pub(crate) mod record;
pub(crate) mod register;
pub(crate) mod request;
pub(crate) mod sign_in;
pub(crate) mod step;

mod chart;
mod claim;
mod form_page;
mod import;
mod list_filters;
mod list_query;
pub(crate) mod list_row;
pub(crate) mod note;
mod pending;
mod pressed;
mod review;
mod several;
mod shown;
mod steps;
mod summary;
