//! The search for the mistakes that make the signature that came.

use std::collections::{HashMap, HashSet};

use super::{
    Cause,
    mistake::{Likelihood, Mistake, mistakes},
    model::Model,
};

/// The mistakes that make the signature alone, or the first pair that does; and how many were
/// tried. Rare ways to make a mistake are tried after the usual ones, seldom ones only alone.
pub(super) fn search(model: &Model<'_>) -> (Vec<Cause>, usize) {
    let mistakes = mistakes();
    let of = |likelihood| -> Vec<&Mistake> {
        let all = mistakes.iter();
        all.filter(|mistake| mistake.likelihood == likelihood)
            .collect()
    };
    let (usual, rare) = (of(Likelihood::Usual), of(Likelihood::Rare));
    let mut search = Search {
        model,
        length: model.length().max(1_024),
        tried: 0,
        known: HashMap::new(),
    };
    let mut causes = search.singles(&usual);
    for further in [&rare, &of(Likelihood::Seldom)] {
        if causes.is_empty() {
            causes = search.singles(further);
        }
    }
    if causes.is_empty() {
        // A mistake that changes nothing by itself may, after another one.
        let usual_telling = search.telling(&usual);
        let rare_telling = search.telling(&rare);
        causes = search
            .pairs(&usual_telling, &usual_telling)
            .or_else(|| search.pairs(&usual_telling, &usual))
            .or_else(|| search.pairs(&usual_telling, &rare_telling))
            .or_else(|| search.pairs(&rare_telling, &usual))
            .or_else(|| search.pairs(&rare_telling, &rare_telling))
            .unwrap_or_default();
    }
    (causes, search.tried)
}

struct Search<'s, 'a> {
    model: &'s Model<'a>,
    length: usize,
    tried: usize,
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
        if !wrong.signature_method.is_rsa() {
            return wrong.matches();
        }
        let known = self.known.entry(wrong.fingerprint());
        *known.or_insert_with(|| wrong.matches())
    }

    fn singles(&mut self, mistakes: &[&Mistake]) -> Vec<Cause> {
        let mut causes: Vec<Cause> = Vec::new();
        for mistake in mistakes {
            let known = causes.iter().any(|cause| cause.code == mistake.code);
            if !known && self.holds([Some(mistake), None]) {
                causes.push(mistake.cause());
            }
        }
        causes
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

    /// The first pair, in the order of their likelihood. Some depend on which is made first.
    fn pairs(&mut self, firsts: &[&Mistake], seconds: &[&Mistake]) -> Option<Vec<Cause>> {
        for first in firsts {
            if self.tried.saturating_mul(self.length) > self.model.explainer.work_bytes {
                return None;
            }
            for second in seconds {
                if second.code != first.code
                    && (self.holds([Some(first), Some(second)])
                        || self.holds([Some(second), Some(first)]))
                {
                    let mut causes = [first, second];
                    causes.sort_by_key(|mistake| mistake.place);
                    return Some(causes.map(|mistake| mistake.cause()).to_vec());
                }
            }
        }
        None
    }
}
