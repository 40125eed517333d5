//! The names of further methods are kept for ever, so there are not many. In a process of its own.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use oauth1_core::MethodName;

#[test]
fn there_is_an_end_to_names_and_those_that_are_there_are_found() {
    let name = |number: usize| MethodName::new(&format!("METHOD-{number}"));
    assert!((0..1_024).all(|number| name(number).is_some()));
    assert_eq!(name(1_024), None);
    assert!(
        (0..1_024).all(|number| name(number).is_some_and(|kept| kept == name(number).unwrap()))
    );
    assert_ne!(name(0), name(1));
    // In a map each is found without a look at all others.
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    assert_ne!(hasher.hash_one(name(0)), hasher.hash_one(name(1)));
}
