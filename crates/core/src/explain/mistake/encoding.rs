//! Mistakes in percent encoding (section 3.6).

use std::ops::RangeInclusive;

use super::List;
use crate::explain::{
    encoder::{Encoder, MARKS, SLASH, UNRESERVED_MARKS},
    model::Model,
};

/// Where a client's encoder is wrong.
#[derive(Clone, Copy)]
enum Place {
    Names,
    Values,
    BaseString,
    Key,
}

use Place::{BaseString, Key, Names, Values};

impl Place {
    fn of<'m>(self, model: &'m mut Model<'_>) -> &'m mut Encoder {
        match self {
            Names => &mut model.names,
            Values => &mut model.values,
            BaseString => &mut model.outer,
            Key => &mut model.key,
        }
    }
}

/// For all parameters, or for the base string's parts too.
const USUAL: [&[Place]; 2] = [&[Names, Values, BaseString], &[Names, Values]];
const RARE: [&[Place]; 8] = [
    &[Names, Values, BaseString, Key],
    &[Values],
    &[BaseString],
    &[Values, BaseString],
    &[Names, Values, Key],
    &[Key],
    &[Names],
    &[Names, BaseString],
];

pub(super) fn add(list: &mut List) {
    // All five, as JavaScript; `*` alone, as Java and the browsers; all but `*`.
    let usual = ["!*'()", "*", "!'()", "!", "'", "()", "!*()", "/"];
    let usual = usual.map(|marks| bits(marks, MARKS));
    let all = 1..=(SLASH | (SLASH - 1));
    sets(list, "underencoded", (&usual, all), |encoder, set| {
        encoder.left = set;
    });
    let usual = ["~", "~-._", "-", ".", "_", "-._"];
    let usual = usual.map(|marks| bits(marks, UNRESERVED_MARKS));
    sets(list, "overencoded", (&usual, 1..=15), |encoder, set| {
        encoder.escaped = set;
    });
    sets(list, "lowercase_hex", (&[0], 0..=0), |encoder, _| {
        encoder.lower_case_hex = true;
    });
    list.usual("lowercase_hex", |model| {
        model.outer.lower_case_hex = true;
    });
}

/// Encoders of forms taken for section 3.6, which make more than two mistakes at once: the marks they
/// leave, and whether their escapes are in lower case. Java's and the browsers', .NET's two.
const OF_FORMS: [(&str, bool); 3] = [("*", false), ("!*()", false), ("!*()", true)];

/// Each as the mistakes that make it.
pub(super) fn of_forms() -> impl Iterator<Item = List> {
    let places = [USUAL[0], USUAL[1], RARE[0], RARE[4]];
    let encoders = OF_FORMS.into_iter();
    encoders.flat_map(move |encoder| places.map(|places| of_form(encoder, places)))
}

fn of_form((left, lower_case_hex): (&str, bool), places: &'static [Place]) -> List {
    let mut list = List(Vec::new());
    let mut add = |code, wrong: fn(&mut Encoder, u8), set| {
        list.rare(code, move |model| {
            for place in places {
                wrong(place.of(model), set);
            }
        });
    };
    add(
        "plus_for_space",
        |encoder, _| encoder.plus_for_space = true,
        0,
    );
    add(
        "underencoded",
        |encoder, set| encoder.left = set,
        bits(left, MARKS),
    );
    add(
        "overencoded",
        |encoder, set| encoder.escaped = set,
        bits("~", UNRESERVED_MARKS),
    );
    if lower_case_hex {
        add(
            "lowercase_hex",
            |encoder, _| encoder.lower_case_hex = true,
            0,
        );
    }
    list
}

/// Sets of marks, the usual ones and all, that a client treats in the wrong way.
fn sets(
    list: &mut List,
    code: &'static str,
    (usual, all): (&[u8], RangeInclusive<u8>),
    wrong: fn(&mut Encoder, u8),
) {
    let make = |places: &'static [Place], set| {
        move |model: &mut Model<'_>| {
            for place in places {
                wrong(place.of(model), set);
            }
        }
    };
    for set in usual {
        for places in USUAL {
            list.usual(code, make(places, *set));
        }
    }
    for set in all {
        for places in USUAL.iter().filter(|_| !usual.contains(&set)) {
            list.rare(code, make(places, set));
        }
        for places in RARE {
            list.rare(code, make(places, set));
        }
    }
}

fn bits(set: &str, marks: &[u8]) -> u8 {
    let marks = marks.iter().zip(0..);
    let there = marks.filter(|(mark, _)| set.as_bytes().contains(mark));
    there.fold(0, |bits, (_, at)| bits | 1 << at)
}
