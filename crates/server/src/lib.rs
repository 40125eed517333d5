//! The program oauth1: an OAuth 1.0a demo server and its administration.
