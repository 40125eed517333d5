//! Every target over every seed, over seeds that were cut, joined and changed, on stable.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oauth1_fuzz::TARGETS;

fn seeds() -> Vec<Vec<u8>> {
    oauth1_fuzz::seeds().unwrap()
}

/// A sequence that is the same in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

#[test]
fn seeds_hold() {
    let seeds = seeds();
    assert!(seeds.len() >= 1_000, "{}", seeds.len());
    for (_, target) in TARGETS {
        seeds.iter().for_each(|seed| target(seed));
    }
}

#[test]
fn changed_seeds_hold() {
    const BYTES: &[u8] = b"%&=+\"\\,; \n\0\xff~*'()[]{}|oauth_AZaz09-._:/?#@";
    let seeds = seeds();
    let mut sequence = Sequence(5_849);
    for number in 0..8_000 {
        let mut bytes = seeds.get(sequence.below(seeds.len())).unwrap().clone();
        let other = seeds.get(sequence.below(seeds.len())).unwrap();
        for _ in 0..sequence.below(8) {
            let at = sequence.below(bytes.len() + 1);
            match sequence.below(4) {
                0 => bytes.insert(at, *BYTES.get(sequence.below(BYTES.len())).unwrap()),
                1 => bytes.truncate(at),
                2 => bytes.extend_from_slice(other.get(sequence.below(other.len())..).unwrap()),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = *BYTES.get(sequence.below(BYTES.len())).unwrap();
                    }
                }
            }
        }
        bytes.truncate(4_096);
        for (name, target) in TARGETS {
            // Hundreds of signatures a message; the others cost microseconds.
            if name != "explain" || number % 20 == 0 {
                target(&bytes);
            }
        }
    }
}
