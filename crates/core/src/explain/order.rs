//! In which order a client signs parameters (section 3.4.1.3.2), right or wrong.

use super::pair::{Group, Pair};

/// In which order parameters stand in the base string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    ByEncoding,
    ByDecoding,
    ByDecodedName,
    /// As `name=value`, before or after encoding.
    Joined {
        decoded: bool,
    },
    /// Repeated names as they were sent.
    ByName,
    IgnoringCase {
        of_values: bool,
    },
    Reversed,
    AsListed,
    /// The protocol parameters, those of the query and those of the form one after another.
    Groups([Group; 3], Sorted),
}

/// What is sorted within [`Order::Groups`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sorted {
    Nothing,
    Protocol,
    Each,
    /// Query and form as one.
    Both,
}

impl Order {
    /// What is sorted before it is encoded.
    pub(super) fn sort(self, pairs: &mut [&Pair]) {
        match self {
            Self::ByDecoding => {
                pairs.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
            }
            Self::ByDecodedName => pairs.sort_by(|a, b| a.name.cmp(&b.name)),
            Self::Joined { decoded: true } => {
                pairs.sort_by_key(|pair| [&*pair.name, &*pair.value].join(&b'='));
            }
            Self::Groups(groups, sorted) => {
                let place = |group| groups.iter().position(|other| *other == group);
                let rank = |pair: &Pair| match (pair.group(), sorted) {
                    (Group::Query | Group::Form, Sorted::Both) => Some(1),
                    (Group::Protocol, Sorted::Both) => place(Group::Protocol).map(|at| 2 * at),
                    (group, _) => place(group),
                };
                pairs.sort_by(|a, b| {
                    let within = match sorted {
                        Sorted::Nothing => false,
                        Sorted::Protocol => a.group() == Group::Protocol,
                        Sorted::Each | Sorted::Both => true,
                    };
                    let ranks = rank(a).cmp(&rank(b));
                    if ranks.is_eq() && within {
                        (&a.name, &a.value).cmp(&(&b.name, &b.value))
                    } else {
                        ranks
                    }
                });
            }
            _ => {}
        }
    }

    /// What is sorted after it was encoded.
    pub(super) fn sort_encoded(self, encoded: &mut [(Vec<u8>, Vec<u8>)]) {
        let lower = |text: &[u8]| text.to_ascii_lowercase();
        match self {
            Self::ByEncoding => encoded.sort(),
            Self::Reversed => encoded.sort_by(|a, b| b.cmp(a)),
            Self::ByName => encoded.sort_by(|a, b| a.0.cmp(&b.0)),
            Self::IgnoringCase { of_values: true } => {
                encoded.sort_by_key(|(name, value)| (lower(name), lower(value)));
            }
            Self::IgnoringCase { of_values: false } => {
                encoded.sort_by_key(|(name, value)| (lower(name), value.clone()));
            }
            _ => {}
        }
    }
}
