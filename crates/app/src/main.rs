//! The page: providers and the route table.
fn main() {}
