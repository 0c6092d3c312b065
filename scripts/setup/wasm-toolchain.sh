#!/bin/sh
# The way out where rustup cannot add wasm32-unknown-unknown (no network to its server): on Debian and Ubuntu,
# the distribution's rustc, cargo, rust-src and lld, and a private sysroot whose std is built once (about 40 s on
# 2 cores) from the distribution's own std source. Nothing under /usr/lib/rustlib or ~/.rustup is written.
#
#   wasm-toolchain.sh CACHE_FOLDER     prints the folder to put first on PATH
#
# RUSTC_BOOTSTRAP is set for that one build of std only, never for the project's crates.
set -eu

target=wasm32-unknown-unknown
home=$1
say() { printf 'wasm-toolchain: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif sudo -n true 2>/dev/null; then sudo -n "$@"
    else die "need root (or passwordless sudo) for: $*"; fi
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2; }

# By absolute path, so that a rustup proxy is never taken for it.
distro_rustc() {
    for r in /usr/bin/rustc /usr/lib/rust-*/bin/rustc; do
        [ -x "$r" ] && [ -x "${r%rustc}cargo" ] && { echo "$r"; return 0; }
    done
    return 1
}

# bookworm: rustc-web & co. are the current Rust that security updates keep for Chromium and Firefox;
# elsewhere the plain names.
apt_packages() {
    if apt-cache show rustc-web >/dev/null 2>&1; then echo "rustc-web cargo-web rust-web-src"
    else echo "rustc cargo rust-src"; fi
}

llvm_major() { "$1" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p'; }

# lld of rustc's own LLVM major: another one may not read its objects.
find_lld() {
    major=$(llvm_major "$1")
    for l in "/usr/bin/lld-$major" "/usr/lib/llvm-$major/bin/lld"; do
        [ -x "$l" ] && { echo "$l"; return 0; }
    done
    return 1
}

has_source() { [ -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]; }

if ! rc=$(distro_rustc) || ! has_source "$rc" || ! find_lld "$rc" >/dev/null; then
    command -v apt-get >/dev/null 2>&1 || die "no apt-get here; run: rustup target add $target"
    say "installing the distribution's Rust (rustup could not add $target)"
    as_root apt-get update -qq >&2
    # shellcheck disable=SC2046 # several names
    apt_install $(apt_packages)
    rc=$(distro_rustc) || die "no distribution rustc after apt-get install"
    find_lld "$rc" >/dev/null || apt_install "lld-$(llvm_major "$rc")"
fi
lld=$(find_lld "$rc") || die "no lld for $("$rc" --version)"
bin=${rc%rustc}

key=$("$rc" -vV | cksum | cut -d' ' -f1)
tc=$home/$("$rc" --version | awk '{print $2}')-$key
if [ ! -e "$tc/.complete" ]; then
    say "building $target std for $("$rc" --version)"
    sys=$("$rc" --print sysroot)
    host=$("$rc" -vV | sed -n 's/^host: //p')
    mkdir -p "$home"
    w=$(mktemp -d "$home/build.XXXXXX")
    trap 'rm -rf "$w"' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir -p "$w/stub/src"
    printf '%s\n' '#![no_std]' >"$w/stub/src/lib.rs"
    printf '%s\n' '[package]' 'name = "std-stub"' 'version = "0.0.0"' 'edition = "2021"' '[workspace]' \
        '[profile.release]' 'opt-level = 3' 'strip = "debuginfo"' >"$w/stub/Cargo.toml"
    (
        cd "$w/stub"
        # the caller's flags are for the project's crates, not for std
        for v in $(env | sed -n 's/^\(CARGO_BUILD_[A-Z0-9_]*\|CARGO_PROFILE_[A-Z0-9_]*\|CARGO_TARGET_[A-Z0-9_]*\|CARGO_ENCODED_RUSTFLAGS\|CARGO_UNSTABLE_[A-Z0-9_]*\|RUSTC_[A-Z0-9_]*\|RUSTUP_TOOLCHAIN\)=.*/\1/p'); do unset "$v"; done
        # embed-bitcode: as in the official std, so that the project may use lto
        RUSTC_BOOTSTRAP=1 RUSTC=$rc RUSTDOC=${bin}rustdoc RUSTFLAGS='-Cembed-bitcode=yes' CARGO_TARGET_DIR=$w/target \
            "${bin}cargo" build -q --release --target "$target" -Z build-std=std,panic_abort,panic_unwind,test,proc_macro
    ) >&2
    t=$w/tc
    mkdir -p "$t/bin" "$t/lib/rustlib/$target/lib" "$t/lib/rustlib/$host/bin"
    cp "$w/target/$target"/release/deps/*.rlib "$t/lib/rustlib/$target/lib/"
    rm -f "$t/lib/rustlib/$target/lib"/libstd_stub-*.rlib
    ln -s "$sys/lib/rustlib/$host/lib" "$t/lib/rustlib/$host/lib"
    ln -s "$sys/lib/rustlib/src" "$t/lib/rustlib/src"
    ln -s "$sys/lib/rustlib/etc" "$t/lib/rustlib/etc"
    ln -s "$lld" "$t/lib/rustlib/$host/bin/rust-lld"
    ln -s "${bin}cargo" "$t/bin/cargo"
    for b in rustc rustdoc; do
        printf '#!/bin/sh\nexec %s --sysroot "%s" "$@"\n' "$bin$b" "$tc" >"$t/bin/$b"
        chmod +x "$t/bin/$b"
    done
    : >"$t/.complete"
    rm -rf "$tc"
    mv "$t" "$tc"
fi
echo "$tc/bin"
