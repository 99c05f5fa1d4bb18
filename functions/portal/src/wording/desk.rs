//! The wording of the desk: home, review and the page of a request.

macro_rules! desk_words {
    ($($name:ident,)+) => {
        /// The words of the desk.
        pub(crate) struct DeskWords {
            $(pub(crate) $name: &'static str,)+
        }

        #[cfg(test)]
        impl DeskWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

desk_words! {
    changed_since_seen,
}
