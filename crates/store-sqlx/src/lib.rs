//! Manager, Store and ReplayGuard of oauth1-provider on SQL databases.
