//! Mistakes about which parameters are signed (section 3.4.1.3.1), and in which order
//! (section 3.4.1.3.2).

use super::{Likelihood, List};
use crate::{
    Transport,
    explain::{
        model::Model,
        order::{Order, Sorted},
        pair::{Group, Pair, decode},
    },
};

pub(super) fn add(list: &mut List) {
    list.usual("query_missing", |model| without(model, Transport::Query));
    list.usual("body_missing", |model| without(model, Transport::Body));
    repeated(list);
    orders(list);
    plus(list);
    twice(list);
    // Where it stands in the header, or behind the other parameters: unsorted, it matters.
    for first in [true, false] {
        list.usual("realm_included", move |model| {
            if let Some(realm) = model.realm.clone() {
                let place = if first { 0 } else { model.pairs.len() };
                model.pairs.insert(place, header_pair(b"realm", &realm));
            }
        });
    }
    list.usual("signature_included", |model| {
        model.pairs.push(header_pair(b"oauth_signature", b""));
    });
    // The signature of a first try.
    list.usual("signature_included", |model| {
        if let Some(first) = model.signature() {
            let pair = header_pair(b"oauth_signature", first.as_bytes());
            model.pairs.push(pair);
        }
    });
    list.usual("body_hash_missing", |model| {
        model.pairs.retain(|pair| pair.name != b"oauth_body_hash");
    });
}

fn repeated(list: &mut List) {
    const CODE: &str = "duplicates_dropped";
    for keep_last in [true, false] {
        list.usual(CODE, move |model| {
            model.drop_repeated(keep_last, |pair| pair.name.clone());
        });
        // Query and form each for themselves.
        list.usual(CODE, move |model| {
            model.drop_repeated(keep_last, |pair| (pair.name.clone(), pair.group()));
        });
    }
    // An array in a text, in JavaScript.
    list.rare(CODE, join_repeated);
    list.rare(CODE, |model| model.drop_repeated(true, Pair::clone));
    list.rare(CODE, |model| {
        model.drop_repeated(true, |pair| (pair.name.clone(), pair.value.clone()));
    });
    // The query after the form.
    for keep_last in [true, false] {
        list.rare(CODE, move |model| {
            model
                .pairs
                .sort_by_key(|pair| pair.transport == Transport::Query);
            model.drop_repeated(keep_last, |pair| pair.name.clone());
        });
    }
}

/// Repeated parameters as one whose value is a list with commas.
pub(super) fn join_repeated(model: &mut Model<'_>) {
    let mut joined: Vec<Pair> = Vec::with_capacity(model.pairs.len());
    for pair in model.pairs.drain(..) {
        match joined.iter_mut().find(|first| first.name == pair.name) {
            Some(first) => first.value = [&*first.value, &pair.value].join(&b','),
            None => joined.push(pair),
        }
    }
    model.pairs = joined;
}

fn orders(list: &mut List) {
    const CODE: &str = "unsorted";
    let (p, q, f) = (Group::Protocol, Group::Query, Group::Form);
    let arrangements = [
        [p, q, f],
        [q, p, f],
        [q, f, p],
        [f, p, q],
        [f, q, p],
        [p, f, q],
    ];
    let mut order = |rare, order| {
        let likelihood = if rare {
            Likelihood::Rare
        } else {
            Likelihood::Usual
        };
        list.push(CODE, likelihood, Box::new(move |model| model.order = order));
    };
    for arrangement in arrangements {
        order(false, Order::Groups(arrangement, Sorted::Nothing));
        order(false, Order::Groups(arrangement, Sorted::Protocol));
        order(true, Order::Groups(arrangement, Sorted::Each));
        order(true, Order::Groups(arrangement, Sorted::Both));
    }
    order(false, Order::ByName);
    order(true, Order::Joined { decoded: false });
    order(true, Order::IgnoringCase { of_values: true });
    order(true, Order::IgnoringCase { of_values: false });
    order(true, Order::Reversed);
    for arrangement in arrangements {
        list.rare(CODE, move |model| model.group_repeated(arrangement));
    }
    list.usual("sorted_before_encoding", |model| {
        model.order = Order::ByDecoding;
    });
    list.rare("sorted_before_encoding", |model| {
        model.order = Order::ByDecodedName;
    });
    list.rare("sorted_before_encoding", |model| {
        model.order = Order::Joined { decoded: true };
    });
}

fn plus(list: &mut List) {
    const CODE: &str = "plus_for_space";
    list.usual(CODE, |model| {
        model.names.plus_for_space = true;
        model.values.plus_for_space = true;
    });
    list.usual(CODE, |model| model.read_again(true, true, decode));
    list.usual(CODE, |model| {
        model.names.plus_for_space = true;
        model.values.plus_for_space = true;
        model.outer.left = crate::explain::encoder::PLUS;
    });
    list.rare(CODE, |model| {
        model.names.plus_for_space = true;
        model.values.plus_for_space = true;
        model.key.plus_for_space = true;
    });
    list.rare(CODE, |model| model.key.plus_for_space = true);
    list.rare(CODE, |model| model.values.plus_for_space = true);
}

fn twice(list: &mut List) {
    const CODE: &str = "double_encoded";
    let of: [fn(&Pair) -> bool; 5] = [
        |_| true,
        |pair| pair.group() != Group::Protocol,
        |pair| pair.group() == Group::Protocol,
        |pair| pair.transport == Transport::Query,
        |pair| pair.transport == Transport::Body,
    ];
    for double_encoded in of {
        list.usual(CODE, move |model| model.double_encoded = double_encoded);
        list.rare(CODE, move |model| {
            model.double_encoded = double_encoded;
            model.double_encoded_names = double_encoded;
        });
        // Read as they are, while values are decoded: oauth-1.0a of npm does.
        list.rare(CODE, move |model| {
            model.double_encoded_names = double_encoded;
        });
    }
    // With what joins them.
    list.usual(CODE, |model| model.parts_twice = &[2]);
    for parts in [[1].as_slice(), &[1, 2]] {
        list.rare(CODE, move |model| model.parts_twice = parts);
    }
    // Encoded as they are, without being decoded before.
    for (query, body) in [(true, false), (false, true), (true, true)] {
        list.rare(CODE, move |model| {
            model.read_again(query, body, <[u8]>::to_vec);
        });
    }
}

fn without(model: &mut Model<'_>, transport: Transport) {
    model
        .pairs
        .retain(|pair| pair.transport != transport || pair.group() == Group::Protocol);
}

fn header_pair(name: &[u8], value: &[u8]) -> Pair {
    Pair {
        name: name.to_vec(),
        value: value.to_vec(),
        transport: Transport::Header,
    }
}
