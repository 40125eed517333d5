//! The processes.

use std::{
    net::SocketAddr,
    sync::{Mutex, RwLock},
};

use black_box::{Demo, Program};

use crate::services;

/// How many processes.
pub(crate) const NODES: usize = 3;

/// Three processes of one program on the same services.
#[derive(Debug)]
pub(crate) struct Fleet {
    program: Program,
    options: Vec<String>,
    nodes: [Node; NODES],
}

/// A process; after `kill -9` another takes its place.
#[derive(Debug)]
struct Node {
    demo: Mutex<Demo>,
    address: RwLock<SocketAddr>,
}

impl Fleet {
    /// On the services that the environment names.
    pub(crate) fn start(program: &Program) -> Self {
        let database = services::named("TEST_POSTGRES_URL");
        let replay = services::named("TEST_REDIS_URL");
        Self::start_on(program, &database, Some(&replay))
    }

    /// Nonces are in the database where no other place is named.
    pub(crate) fn start_on(program: &Program, database: &str, replay: Option<&str>) -> Self {
        let mut options = vec!["--database", database];
        options.extend(replay.into_iter().flat_map(|url| ["--replay", url]));
        Self::start_with(program, &options)
    }

    /// With these options.
    pub(crate) fn start_with(program: &Program, options: &[&str]) -> Self {
        let start = || {
            let demo = program.start(options);
            let address = RwLock::new(demo.authority().parse().unwrap());
            let demo = Mutex::new(demo);
            Node { demo, address }
        };
        Self {
            program: program.clone(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
            nodes: [start(), start(), start()],
        }
    }

    /// Where process `number`, counted round and round, listens now.
    pub(crate) fn address(&self, number: usize) -> SocketAddr {
        *self.nodes[number % NODES].address.read().unwrap()
    }

    pub(crate) fn addresses(&self) -> [SocketAddr; NODES] {
        std::array::from_fn(|number| self.address(number))
    }

    /// Ends a process by SIGKILL and starts another on the same services.
    pub(crate) fn kill_9(&self, number: usize) {
        let node = &self.nodes[number % NODES];
        let mut demo = node.demo.lock().unwrap();
        demo.kill();
        let options: Vec<_> = self.options.iter().map(String::as_str).collect();
        *demo = self.program.start(&options);
        *node.address.write().unwrap() = demo.authority().parse().unwrap();
    }

    /// Something to be done with a process that is not killed meanwhile.
    pub(crate) fn with<T>(&self, number: usize, what: impl FnOnce(&Demo) -> T) -> T {
        what(&self.nodes[number % NODES].demo.lock().unwrap())
    }
}
