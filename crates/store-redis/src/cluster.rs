//! A Cluster: which node has which slot.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use redis::{Value, cmd};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    ConnectError, RedisOptions,
    error::Failure,
    key::slot,
    node::{Answer, Node, Record},
    server::{Hosts, Server},
};

/// How often a nonce follows its slot.
const HOPS: usize = 4;
/// How long one node may take to tell where the slots are.
const ASK: Duration = Duration::from_millis(500);
/// How often the nodes are asked for the slots, at most.
const PAUSE: Duration = Duration::from_millis(100);

type Address = (String, u16);

pub(crate) struct Cluster {
    hosts: Hosts,
    options: RedisOptions,
    seeds: BTreeSet<Address>,
    map: RwLock<Arc<Map>>,
    outdated: AtomicBool,
    /// When the slots were asked for last; who holds the lock is asking.
    asked: Mutex<Option<Instant>>,
    /// Whom to ask first: somebody else each time.
    turn: AtomicUsize,
}

#[derive(Default)]
struct Map {
    /// First and last slot, both inclusive, and who has them.
    ranges: Vec<(u16, u16, Node)>,
    masters: HashMap<Address, Node>,
    /// Replicas included: who can be asked for the slots.
    known: BTreeSet<Address>,
}

impl Map {
    fn node(&self, slot: u16) -> Option<&Node> {
        let mut ranges = self.ranges.iter();
        let range = ranges.find(|(first, last, _)| (*first..=*last).contains(&slot));
        range.map(|(_, _, node)| node)
    }

    fn overlapping(&self, first: u16, last: u16) -> impl Iterator<Item = &(u16, u16, Node)> {
        let ranges = self.ranges.iter();
        ranges.filter(move |(start, end, _)| *start <= last && first <= *end)
    }
}

impl Cluster {
    pub(crate) async fn connect(
        hosts: Hosts,
        seeds: &[Address],
        options: RedisOptions,
    ) -> Result<Self, ConnectError> {
        for (host, port) in seeds {
            hosts.client(host, *port).map_err(ConnectError::Settings)?;
        }
        let cluster = Self {
            hosts,
            options,
            seeds: seeds.iter().cloned().collect(),
            map: RwLock::default(),
            outdated: AtomicBool::new(true),
            asked: Mutex::new(None),
            turn: AtomicUsize::new(0),
        };
        cluster.find_slots().await?;
        Ok(cluster)
    }

    pub(crate) async fn remember(&self, mut record: Record) -> Result<Answer, Failure> {
        if self.outdated.load(Ordering::Relaxed) {
            self.find_slots().await?;
        }
        let slot = slot(&record.key);
        let mut node = self.map().node(slot).cloned().ok_or(Failure::NoNode)?;
        for _ in 0..HOPS {
            match node.remember(record.clone()).await {
                // That node did not keep it, so it may be sent to another.
                Ok(Answer::Elsewhere { address, asking }) => {
                    if !asking {
                        self.outdated.store(true, Ordering::Relaxed);
                    }
                    record.asking = asking;
                    node = self.node_at(&address)?;
                }
                Err(failure) => {
                    self.outdated.store(true, Ordering::Relaxed);
                    return Err(failure);
                }
                found => return found,
            }
        }
        Err(Failure::NoNode)
    }

    fn map(&self) -> Arc<Map> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&map)
    }

    /// Of a node that another has named. One that is not known yet serves this nonce only, until
    /// the slots are asked for again.
    fn node_at(&self, address: &str) -> Result<Node, Failure> {
        let (host, port) = address.rsplit_once(':').ok_or(Failure::NoNode)?;
        let port = port.parse().map_err(|_| Failure::NoNode)?;
        if host.is_empty() {
            return Err(Failure::NoNode);
        }
        let address = (host.to_owned(), port);
        match self.map().masters.get(&address) {
            Some(node) => Ok(node.clone()),
            None => self.start(&address),
        }
    }

    fn start(&self, (host, port): &Address) -> Result<Node, Failure> {
        let client = self.hosts.client(host, *port)?;
        Ok(Node::start(Server::At(client), self.options.clone()).0)
    }

    /// Asks one node after the other where the slots are, unless somebody just has.
    async fn find_slots(&self) -> Result<(), Failure> {
        let Ok(mut asked) = self.asked.try_lock() else {
            return Ok(());
        };
        if asked.is_some_and(|asked| asked.elapsed() < PAUSE) {
            return Ok(());
        }
        let old = self.map();
        let addresses: Vec<_> = old.known.union(&self.seeds).collect();
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len().max(1);
        let mut failure = Failure::NoNode;
        for address in addresses.iter().cycle().skip(first).take(addresses.len()) {
            match timeout(ASK, self.ask(address)).await {
                Ok(Ok(slots)) => {
                    // Before it is in use: what fails from now on makes it outdated again.
                    self.outdated.store(false, Ordering::Relaxed);
                    let map = Arc::new(self.new_map(&old, &slots)?);
                    *self.map.write().unwrap_or_else(PoisonError::into_inner) = map;
                    *asked = Some(Instant::now());
                    return Ok(());
                }
                Ok(Err(other)) => failure = other,
                Err(_) => failure = Failure::TimedOut,
            }
        }
        *asked = Some(Instant::now());
        // The provider tells of it, too, and not each time.
        tracing::debug!(%failure, "no node of the Cluster tells where the slots are");
        Err(failure)
    }

    async fn ask(&self, (host, port): &Address) -> Result<Vec<Slots>, Failure> {
        let server = Server::At(self.hosts.client(host, *port)?);
        let mut connection = server.connect(Duration::ZERO).await?;
        let mut slots = cmd("CLUSTER");
        let slots = slots.arg("SLOTS").query_async(&mut connection).await?;
        read_slots(slots, host).ok_or(Failure::NotUnderstood)
    }

    fn new_map(&self, old: &Map, slots: &[Slots]) -> Result<Map, Failure> {
        let mut map = Map::default();
        for Slots { first, last, nodes } in slots {
            let Some(address) = nodes.first() else {
                continue;
            };
            let node = match map
                .masters
                .get(address)
                .or_else(|| old.masters.get(address))
            {
                Some(node) => node.clone(),
                None => self.start(address)?,
            };
            for (_, _, before) in old.overlapping(*first, *last) {
                node.inherit(before);
            }
            map.ranges.push((*first, *last, node.clone()));
            map.masters.insert(address.clone(), node);
            map.known.extend(nodes.iter().cloned());
        }
        Ok(map)
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.map().known).finish()
    }
}

/// A line of `CLUSTER SLOTS`.
#[derive(Debug, PartialEq, Eq)]
struct Slots {
    first: u16,
    last: u16,
    /// The master, then its replicas.
    nodes: Vec<Address>,
}

/// An answer to `CLUSTER SLOTS` by a node at `host`, which may leave its own name out.
fn read_slots(answer: Value, host: &str) -> Option<Vec<Slots>> {
    let number = |value: Option<&Value>| match value {
        Some(Value::Int(number)) => u16::try_from(*number).ok(),
        _ => None,
    };
    let node = |value: &Value| {
        let Value::Array(parts) = value else {
            return None;
        };
        let name = match parts.first()? {
            Value::Nil => host.to_owned(),
            Value::BulkString(name) if name.is_empty() => host.to_owned(),
            Value::BulkString(name) => String::from_utf8(name.clone()).ok()?,
            _ => return None,
        };
        Some((name, number(parts.get(1))?))
    };
    let Value::Array(lines) = answer else {
        return None;
    };
    let line = |line: &Value| {
        let Value::Array(parts) = line else {
            return None;
        };
        Some(Slots {
            first: number(parts.first())?,
            last: number(parts.get(1))?,
            nodes: parts.iter().skip(2).filter_map(node).collect(),
        })
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read_and_a_node_may_leave_its_name_out() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let node = |host, port| Value::Array(vec![host, Value::Int(port), text("id")]);
        let nodes = [node(text("10.0.0.1"), 7000), node(Value::Nil, 7001)];
        let line = [Value::Int(0), Value::Int(5_460)].into_iter().chain(nodes);
        let answer = Value::Array(vec![Value::Array(line.collect())]);
        let slots = read_slots(answer, "here").unwrap();
        let nodes = vec![("10.0.0.1".to_owned(), 7000), ("here".to_owned(), 7001)];
        let (first, last) = (0, 5_460);
        assert_eq!(slots, [Slots { first, last, nodes }]);
        assert_eq!(read_slots(Value::Okay, "here"), None);
        assert_eq!(read_slots(Value::Array(vec![Value::Int(1)]), "here"), None);
    }
}
