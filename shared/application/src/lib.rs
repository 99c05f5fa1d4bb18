//! What a person can do: commands, and reads of what they may see. Knows neither HTTP nor HTML.

pub mod access;
pub mod audit;
pub mod colleagues;
pub mod company;
pub mod execute;
pub mod filling;
pub mod home;
pub mod lists;
pub mod people;
pub mod readiness;
pub mod register;
pub mod requests;
pub mod seen;
pub mod several;
pub mod systems;
