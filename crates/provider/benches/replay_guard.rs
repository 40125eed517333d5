//! Ten million live nonces in [`MemoryReplayGuard`], beside a set that knows beforehand how many
//! come: bytes a nonce, the time of an insert as a ratio, and the longest single insert.
//!
//! The reference is one hash set of 64-bit hashes per second, made with room for all, without
//! locks or bounds, and keyed with the same SipHash-1-3.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark: it looks at the clock, and prints"
)]

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    hash::{BuildHasherDefault, Hasher},
    hint::black_box,
    time::{Duration, Instant},
};

use oauth1_provider::{
    MemoryReplayGuard, Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Timestamp, TokenKey},
};
use siphasher::sip::SipHasher13;

/// How many are prepared, and then inserted, at a time.
const CHUNK: usize = 10_000;
const START: Timestamp = Timestamp::from_secs(1_700_000_000);

/// Requests of one consumer for one token.
struct Load {
    consumer: ConsumerKey,
    token: TokenKey,
    nonces: usize,
    /// Over how many seconds they are spread.
    seconds: usize,
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let nonces = if std::env::args().any(|arg| arg == "--bench") {
        10_000_000
    } else {
        20_000
    };
    for seconds in [1, 300] {
        let load = Load {
            consumer: ConsumerKey::new("xvz1evFS4wEEPTGEFPHBog").unwrap(),
            token: TokenKey::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey").unwrap(),
            nonces,
            seconds,
        };
        println!("{nonces} nonces within {seconds} s");
        load.bytes();
        let mut ratios: Vec<_> = (0..5).map(|_| load.ratio()).collect();
        ratios.sort_by(f64::total_cmp);
        println!("  time of an insert, of the reference's: {ratios:.2?}");
        load.longest();
    }
}

impl Load {
    /// Calls `insert` with every nonce, a prepared chunk at a time. They lie side by side, so that
    /// reading them costs both the same, however the heap looks that each leaves behind.
    fn chunks(&self, mut insert: impl FnMut(&[(Timestamp, &str)])) {
        let mut texts = String::new();
        for first in (0..self.nonces).step_by(CHUNK) {
            texts.clear();
            for number in first..first + CHUNK {
                write!(texts, "kYjzVBB8Y0ZFabxSWbWov{number:011}").unwrap();
            }
            let length = texts.len() / CHUNK;
            let chunk: Vec<_> = (first..first + CHUNK)
                .map(|number| {
                    let second = number * self.seconds / self.nonces;
                    let after = Duration::from_secs(u64::try_from(second).unwrap());
                    let start = (number - first) * length;
                    let nonce = texts.get(start..start + length).unwrap();
                    (START.plus(after), nonce)
                })
                .collect();
            insert(&chunk);
        }
    }

    fn remember(&self, guard: &MemoryReplayGuard, timestamp: Timestamp, nonce: &str) {
        let entry = ReplayEntry {
            consumer: &self.consumer,
            token: Some(&self.token),
            timestamp,
            nonce: nonce.as_bytes(),
            keep_until: timestamp.plus(Duration::from_secs(300)),
            now: timestamp,
        };
        let found = guard.remember_now(&entry);
        assert!(matches!(found, Some(Ok(Remembered::Fresh))), "{found:?}");
    }

    fn guard(&self) -> MemoryReplayGuard {
        MemoryReplayGuard::without_history().with_capacity(self.nonces + self.nonces / 10)
    }

    /// The memory of the full guard, and the most while it grew.
    fn bytes(&self) {
        let mut guard = None;
        let used = allocation_counter::measure(|| {
            let full = self.guard();
            self.chunks(|chunk| {
                for (timestamp, nonce) in chunk {
                    self.remember(&full, *timestamp, nonce);
                }
            });
            guard = Some(full);
        });
        let each = |bytes: i64| bytes as f64 / self.nonces as f64;
        println!(
            "  bytes a nonce: {:.1}, at most {:.1} on the way",
            each(used.bytes_current),
            each(i64::try_from(used.bytes_max).unwrap())
        );
    }

    fn ratio(&self) -> f64 {
        let (guard, mut reference) = (self.guard(), Reference::new(self));
        let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
        self.chunks(|chunk| {
            ours += running(|| {
                for (timestamp, nonce) in chunk {
                    self.remember(&guard, *timestamp, nonce);
                }
            });
            theirs += running(|| {
                for (timestamp, nonce) in chunk {
                    assert!(reference.insert(&self.consumer, &self.token, *timestamp, nonce));
                }
            });
        });
        black_box((&guard, &reference));
        ours.as_secs_f64() / theirs.as_secs_f64()
    }

    /// By the clock, and without the time in which the machine ran something else instead.
    fn longest(&self) {
        let mut longest: Vec<_> = (0..5)
            .map(|_| {
                let (guard, mut longest) = (self.guard(), [Duration::ZERO; 2]);
                self.chunks(|chunk| {
                    for few in chunk.chunks(100) {
                        let (waited, mut most) = (waited(), Duration::ZERO);
                        for (timestamp, nonce) in few {
                            let start = Instant::now();
                            self.remember(&guard, *timestamp, nonce);
                            most = most.max(start.elapsed());
                        }
                        let waited = self::waited().saturating_sub(waited);
                        let [clock, running] = &mut longest;
                        *clock = most.max(*clock);
                        *running = most.saturating_sub(waited).max(*running);
                    }
                });
                longest
            })
            .collect();
        longest.sort();
        println!("  longest insert of each of five fills, by the clock and running: {longest:.2?}");
    }
}

/// How long it takes, without what the machine ran instead.
fn running(work: impl FnOnce()) -> Duration {
    let (before, start) = (waited(), Instant::now());
    work();
    let taken = start.elapsed();
    taken.saturating_sub(waited().saturating_sub(before))
}

/// How long this thread has waited for a processor so far; zero where the system does not tell.
fn waited() -> Duration {
    let read = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = read.split(' ').nth(1).and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

struct Reference {
    key: SipHasher13,
    seconds: HashMap<Timestamp, HashSet<u64, BuildHasherDefault<AsIs>>>,
}

impl Reference {
    fn new(load: &Load) -> Self {
        let seconds = (0..load.seconds).map(|second| {
            let after = Duration::from_secs(u64::try_from(second).unwrap());
            let room = load.nonces / load.seconds + 1;
            let set = HashSet::with_capacity_and_hasher(room, BuildHasherDefault::default());
            (START.plus(after), set)
        });
        Self {
            key: SipHasher13::new_with_keys(1, 2),
            seconds: seconds.collect(),
        }
    }

    fn insert(
        &mut self,
        consumer: &ConsumerKey,
        token: &TokenKey,
        timestamp: Timestamp,
        nonce: &str,
    ) -> bool {
        let mut hasher = self.key;
        for part in [consumer.as_str(), token.as_str(), nonce] {
            hasher.write(part.as_bytes());
            hasher.write_u8(0xff);
        }
        let set = self.seconds.get_mut(&timestamp).unwrap();
        set.insert(hasher.finish())
    }
}

/// Hashes need no hashing.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
