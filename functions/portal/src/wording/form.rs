//! What the form says beside the labels of its fields.

use crate::import::ImportFault;

macro_rules! form_words {
    ($($name:ident,)+) => {
        /// The words of the form.
        pub(crate) struct FormWords {
            $(pub(crate) $name: &'static str,)+
            /// How many characters a text may have.
            pub(crate) at_most: fn(usize) -> String,
            /// Between which numbers a number is.
            pub(crate) between: fn(u32, u32) -> String,
            /// How many lines an address has, at least and at most.
            pub(crate) address_hint: fn(usize, usize) -> String,
            /// What lines for rows hold, by the labels of their columns.
            pub(crate) import_paste: fn(&[&str]) -> String,
            /// How to write lines: one that is right, where there is one, and how many rows there can be.
            pub(crate) import_hint: fn(Option<&str>, usize) -> String,
            /// What is wrong with lines that were pasted or uploaded.
            pub(crate) import_fault: fn(&ImportFault) -> String,
        }

        #[cfg(test)]
        impl FormWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

form_words! {
    kept, put_back, throw_away, characters_left, characters_over,
    date_hint, choose, import, import_file, import_button, import_nothing, left_out, list_separator,
}
