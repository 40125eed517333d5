//! What every Manager, Store and ReplayGuard of oauth1-provider must do, as runnable suites.
