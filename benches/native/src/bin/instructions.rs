//! Calls a contender's operation so many times, for valgrind to count: `instructions <contender> <operation> <size> <calls>`

use hookseal_benches::{Delivery, contender};
use std::hint::black_box;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, name, operation, size, calls] = args.as_slice() else {
        panic!("instructions <contender> <operation> <size> <calls>");
    };
    let delivery = Delivery::new(size.parse().expect("a size"));
    let found = contender(name, &delivery);
    for _ in 0..calls.parse().expect("a number of calls") {
        match operation.as_str() {
            "verify" => assert!((found.verify)(black_box(true))),
            "sign" => drop(black_box((found.sign)())),
            _ => panic!("verify or sign"),
        }
    }
}
