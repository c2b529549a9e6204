use super::*;

/// The entry in the kernel's Documentation/networking/proc_net_tcp.rst, which is split in three there; before it a
/// socket that listens.
const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
    0: 00000000:1770 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1060 1 1b895efc 100 0 0 10 0\n   \
    46: 010310AC:9C4C 030310AC:1770 01 00000150:00000000 01:00000019 00000000  1000        0 54165785 4 cd1e6040 25 4 27 3 -1\n";

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn found(table: &str, peer: &str, local: &str) -> Option<Owner> {
    parse_owner(table.as_bytes(), &address_pairs(address(peer), address(local))).unwrap()
}

#[test]
fn the_example_of_the_kernel_documentation_is_parsed() {
    let own = Some(Owner { uid: 1000, inode: 54_165_785 });
    assert_eq!(found(TABLE, "172.16.3.1:40012", "172.16.3.3:6000"), own);
    // A listener on all addresses, both ways round.
    assert_eq!(found(TABLE, "[::ffff:172.16.3.1]:40012", "[::ffff:172.16.3.3]:6000"), own);
    // Our own end, and neighbours.
    for (peer, local) in [
        ("172.16.3.3:6000", "172.16.3.1:40012"),
        ("172.16.3.1:40013", "172.16.3.3:6000"),
        ("172.16.3.2:40012", "172.16.3.3:6000"),
        ("172.16.3.1:40012", "172.16.3.3:6001"),
        ("0.0.0.0:6000", "172.16.3.3:6000"),
    ] {
        assert_eq!(found(TABLE, peer, local), None, "{peer} {local}");
    }
}

#[test]
fn an_ipv6_socket_may_have_a_mapped_ipv4_address() {
    let line = |ends: &str| format!("0: {ends} 01 0:0 00:0 0 1000 0 7 1\n");
    let of = |ends: &str, peer: &str, local: &str| found(&line(ends), peer, local).map(|owner| owner.inode);
    let mapped = "0000000000000000FFFF00000100007F:9C4C 0000000000000000FFFF00000100007F:1770";
    assert_eq!(of(mapped, "127.0.0.1:40012", "127.0.0.1:6000"), Some(7));
    let own = "00000000000000000000000001000000:9C4C 00000000000000000000000001000000:1770";
    assert_eq!(of(own, "[::1]:40012", "[::1]:6000"), Some(7));
    assert_eq!(of(own, "127.0.0.1:40012", "127.0.0.1:6000"), None);
    assert_eq!(of("B80D0120000000000000000001000000:0001 0:1", "[2001:db8::1]:1", "[2001:db8::2]:1"), None);
}

#[test]
fn a_malformed_line_is_an_error() {
    let ends = address_pairs(address("172.16.3.1:40012"), address("172.16.3.3:6000"));
    let line = TABLE.lines().last().unwrap();
    for broken in [
        line.to_owned(),              // cut off
        format!("{}\n", &line[..60]), // no user
        line.replace("  1000", "  x") + "\n",
        line.replace("  1000", "  4294967296") + "\n",
        line.replace("54165785", "-1") + "\n",
        "x".repeat(1000),
    ] {
        assert_eq!(parse_owner(broken.as_bytes(), &ends).unwrap_err().kind(), io::ErrorKind::InvalidData, "{broken}");
    }
    // Lines of other sockets may be malformed.
    assert_eq!(parse_owner(&b"x\n\n \xff\n"[..], &ends).unwrap(), None);
}
