//! The search for the mistakes that make the signature that came.

use std::collections::{HashMap, HashSet};

use super::{
    Cause,
    mistake::{Likelihood, Mistake, encoders, mistakes},
    model::Model,
};

/// What makes the signature: mistakes alone, or else pairs of them, or else what an encoder for
/// something else gets wrong; and how many were tried. Rare ways to make a mistake are tried after
/// the usual ones, seldom ones only alone.
pub(super) fn search(model: &Model<'_>) -> (Vec<Vec<Cause>>, usize) {
    let mistakes = mistakes();
    let of = |likelihood| -> Vec<&Mistake> {
        let all = mistakes.iter();
        all.filter(|mistake| mistake.likelihood == likelihood)
            .collect()
    };
    let (usual, rare) = (of(Likelihood::Usual), of(Likelihood::Rare));
    let mut search = Search {
        model,
        tried: 0,
        work_bytes: 0,
        known: HashMap::new(),
    };
    let mut found = search.singles(&usual);
    for further in [&rare, &of(Likelihood::Seldom)] {
        if found.is_empty() {
            found = search.singles(further);
        }
    }
    if found.is_empty() && !search.is_spent() {
        // A mistake that changes nothing by itself may, after another one.
        let usual_telling = search.telling(&usual);
        let rare_telling = search.telling(&rare);
        found = search
            .pairs(&usual_telling, &usual_telling)
            .or_else(|| search.pairs(&usual_telling, &usual))
            .or_else(|| search.pairs(&usual_telling, &rare_telling))
            .or_else(|| search.pairs(&rare_telling, &usual))
            .or_else(|| search.pairs(&rare_telling, &rare_telling))
            .map(|pair| search.alike(pair, &usual))
            .unwrap_or_default();
    }
    if found.is_empty() {
        found = search.encoders();
    }
    (found, search.tried)
}

struct Search<'s, 'a> {
    model: &'s Model<'a>,
    tried: usize,
    /// About how much was encoded and hashed.
    work_bytes: usize,
    /// Whether it makes the signature, by fingerprint: verifying RSA twice is a waste.
    known: HashMap<u64, bool>,
}

impl Search<'_, '_> {
    fn holds(&mut self, mistakes: [Option<&Mistake>; 2]) -> bool {
        let mut wrong = self.model.clone();
        for mistake in mistakes.into_iter().flatten() {
            (mistake.make)(&mut wrong);
        }
        self.tried += 1;
        self.work_bytes = self.work_bytes.saturating_add(wrong.work_bytes());
        if !wrong.signature_method.is_rsa() {
            return wrong.matches();
        }
        let known = self.known.entry(wrong.fingerprint());
        *known.or_insert_with(|| wrong.matches())
    }

    fn is_spent(&self) -> bool {
        self.work_bytes > self.model.explainer.work_bytes
    }

    fn singles(&mut self, mistakes: &[&Mistake]) -> Vec<Vec<Cause>> {
        let mut found: Vec<Vec<Cause>> = Vec::new();
        for mistake in mistakes {
            if mistake.likelihood != Likelihood::Usual && self.is_spent() {
                break;
            }
            let cause = vec![mistake.cause()];
            if !found.contains(&cause) && self.holds([Some(mistake), None]) {
                found.push(cause);
            }
        }
        found
    }

    /// Those that change something by themselves, each change once.
    fn telling<'m>(&self, mistakes: &[&'m Mistake]) -> Vec<&'m Mistake> {
        let mut seen = HashSet::from([self.model.fingerprint()]);
        let mut telling = |mistake: &Mistake| {
            let mut wrong = self.model.clone();
            (mistake.make)(&mut wrong);
            seen.insert(wrong.fingerprint())
        };
        let telling = mistakes.iter().filter(|mistake| telling(mistake));
        telling.copied().collect()
    }

    /// The first pair, in the order of their likelihood.
    fn pairs<'m>(
        &mut self,
        firsts: &[&'m Mistake],
        seconds: &[&'m Mistake],
    ) -> Option<[&'m Mistake; 2]> {
        for first in firsts {
            for second in seconds {
                if self.is_spent() {
                    return None;
                }
                if self.both(first, second) {
                    return Some([first, second]);
                }
            }
        }
        None
    }

    /// A pair that makes the signature, and all others that do with one of the two.
    fn alike(&mut self, [first, second]: [&Mistake; 2], others: &[&Mistake]) -> Vec<Vec<Cause>> {
        let mut found = vec![causes([first, second])];
        for other in others {
            for pair in [[*other, second], [first, *other]] {
                let causes = causes(pair);
                let [first, second] = pair;
                if !found.contains(&causes) && self.both(first, second) {
                    found.push(causes);
                }
            }
        }
        found
    }

    /// Of an encoder's mistakes those count that this request shows.
    fn encoders(&mut self) -> Vec<Vec<Cause>> {
        for mistakes in encoders() {
            let without = |left_out: Option<usize>| {
                let mut wrong = self.model.clone();
                for (mistake, at) in mistakes.iter().zip(0..) {
                    if Some(at) != left_out {
                        (mistake.make)(&mut wrong);
                    }
                }
                wrong
            };
            self.tried += 1;
            let wrong = without(None);
            if wrong.matches() {
                let numbered = mistakes.iter().zip(0..);
                let shown = numbered
                    .filter(|(_, at)| without(Some(*at)).fingerprint() != wrong.fingerprint());
                return vec![shown.map(|(mistake, _)| mistake.cause()).collect()];
            }
        }
        Vec::new()
    }

    /// Some depend on which is made first.
    fn both(&mut self, first: &Mistake, second: &Mistake) -> bool {
        second.code != first.code
            && (self.holds([Some(first), Some(second)]) || self.holds([Some(second), Some(first)]))
    }
}

/// The more likely one first.
fn causes(mut pair: [&Mistake; 2]) -> Vec<Cause> {
    pair.sort_by_key(|mistake| mistake.place);
    pair.map(Mistake::cause).to_vec()
}
