//! What the form says beside the labels of its fields.

use crate::import::ImportFault;

macro_rules! form_words {
    ($($name:ident,)+) => {
        /// The words of the form.
        pub(crate) struct FormWords {
            $(pub(crate) $name: &'static str,)+
            /// How many characters a text may have.
            pub(crate) at_most: fn(usize) -> String,
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
    import, import_paste, import_hint, import_file, import_button, import_nothing, left_out, list_separator,
}
