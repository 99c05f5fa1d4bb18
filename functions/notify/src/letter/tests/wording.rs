//! Both languages have every word, and say the same.

use std::collections::BTreeSet;

use countersign_domain::language::Language;

use super::letters;
use crate::letter::kind::Kind;
use crate::letter::words;

#[test]
fn no_letter_is_missing_words_and_no_slot_is_left_open() {
    for language in Language::ALL {
        let words = words::of(language);
        for (name, text) in words.plain() {
            assert!(!text.trim().is_empty() && !text.contains("  "), "{name}");
        }
        for kind in Kind::all() {
            let wording = (words.wording)(kind);
            let fixed = [wording.subject, wording.heading];
            assert!(
                fixed.iter().all(|text| !text.is_empty() && !text.contains('{')),
                "{kind:?}"
            );
            assert!(
                !wording.preheader.is_empty() && !wording.opening.is_empty(),
                "{kind:?}"
            );
        }
        for (name, letter) in letters(language) {
            let (_, body) = letter.html.split_once("</head>").unwrap();
            assert!(
                !letter.text.contains(['{', '}']) && !body.contains(['{', '}']),
                "{name}"
            );
        }
    }
}

#[test]
fn both_languages_say_the_same_things() {
    let [english, chinese] = Language::ALL.map(words::of);
    for ((name, en), (_, zh)) in english.plain().into_iter().zip(chinese.plain()) {
        assert!(en != zh || name == "product", "{name}");
        assert_eq!(slots(&[en]), slots(&[zh]), "{name}");
    }
    for kind in Kind::all() {
        let plain = [english, chinese].map(|words| (words.without_addresses)(kind).map(slots));
        assert_eq!(plain[0], plain[1], "{kind:?}");
        let (en, zh) = ((english.wording)(kind), (chinese.wording)(kind));
        assert_eq!(en.link.is_some(), zh.link.is_some(), "{kind:?}");
        assert_eq!(en.steps.len(), zh.steps.len(), "{kind:?}");
        assert_eq!(en.opening.len(), zh.opening.len(), "{kind:?}");
        assert_eq!(slots(en.opening), slots(zh.opening), "{kind:?}");
        assert_eq!(slots(en.steps), slots(zh.steps), "{kind:?}");
    }
}

fn slots(texts: &[&'static str]) -> BTreeSet<&'static str> {
    let after = texts.iter().flat_map(|text| text.split('{').skip(1));
    after.filter_map(|rest| rest.split('}').next()).collect()
}
