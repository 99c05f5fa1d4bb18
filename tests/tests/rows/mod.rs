//! Every row of the workflow's table, on the real engine. When one of its guards is broken, the row is refused with
//! that guard's reason, and its transaction contains what the row says it writes.

mod events;
mod guards;
mod play;
mod writes;
