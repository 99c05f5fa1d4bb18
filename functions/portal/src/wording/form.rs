//! The wording of forms, apart from the labels of fields.

use crate::import::SourceFault;

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
            /// How to write lines: an example, if there is one, and the maximum number of rows.
            pub(crate) import_hint: fn(Option<&str>, usize) -> String,
            /// A fault in pasted or uploaded lines.
            pub(crate) import_fault: fn(&SourceFault) -> String,
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
    kept, kept_there, continue_kept, put_back, throw_away, characters_left_one, characters_left, characters_over_one, characters_over,
    date_hint, choose, fill_in, filled_in, import, import_file, import_filed, import_filed_hint, import_button, import_nothing,
    left_out, list_separator,
    drafts_there, continue_draft, start_anew, glossary, format, reference_column, no_history, whose_register, pasted, paste_too_many, undo,
    no_source, campaign_source,
}
