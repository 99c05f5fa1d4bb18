//! The tests that go through the product as its users do: over HTTP, by mail, on events. They are one program, so that its
//! dependencies are linked once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod absence;
mod addresses;
mod admin;
mod am1;
mod approval;
mod audit;
mod audit_trail;
mod bodies;
mod calls;
mod campaign;
mod capacity;
mod chain;
mod colleagues;
mod company;
mod concurrency;
mod daily;
mod directory;
mod edge;
mod eservices;
mod event_bus;
mod events;
mod feedback;
mod grants;
mod headers;
mod idempotency;
mod input;
mod isolation;
mod layers;
mod leases;
mod lists;
mod locks;
mod machine;
mod mail;
mod mail_faults;
mod managers;
mod matrix;
mod officers;
mod openapi;
mod own;
mod portal_costs;
mod portal_desk;
mod portal_forms;
mod portal_guard;
mod portal_lists;
mod portal_pages;
mod portal_review;
mod portal_seen;
mod portal_store;
mod portal_walk;
mod proof;
mod provision;
mod readiness;
mod readme;
mod refusals;
mod reminder_mail;
mod restore;
mod rights;
mod round_trips;
mod rows;
mod second_readers;
mod session;
mod sign_in;
mod systems;
mod tasks;
mod template;
mod tokens;
mod two_checkers;
mod two_readings;
mod walk;
mod year;
