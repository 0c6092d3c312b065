//! The core against the `standardwebhooks` and `svix` crates: times, by criterion.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hookseal_benches::{Delivery, NAMES, contender};
use std::hint::black_box;
use std::time::Duration;

fn peers(criterion: &mut Criterion) {
    for operation in ["verify", "sign"] {
        let mut group = criterion.benchmark_group(operation);
        for size in [150_usize, 4096, 65_536] {
            let delivery = Delivery::new(size);
            group.throughput(Throughput::Bytes(size as u64));
            for name in NAMES {
                let found = contender(name, &delivery);
                group.bench_function(BenchmarkId::new(name, size), |bencher| match operation {
                    "verify" => bencher.iter(|| (found.verify)(black_box(true))),
                    _ => bencher.iter(|| (found.sign)().len()),
                });
            }
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1200))
        .sample_size(50);
    targets = peers
}
criterion_main!(benches);
