package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangesTest {
  private static boolean contains(String ranges, String address) {
    return AddressRanges.parse(ranges).contains(AddressRanges.address(address));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "100.64.0.0/10, 100.127.0.1, true",
    "100.64.0.0/10, 100.128.0.1, false",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "192.168.1.7/32, 192.168.1.7, true",
    "192.168.1.7/32, 192.168.1.8, false",
    "fc00::/7, fdff::1, true",
    "fc00::/7, fe80::1, false",
    "::1/128, ::1, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "10.0.0.9/8, 10.200.0.1, true",
  })
  void contains_anAddress_byItsFirstBits(String range, String address, boolean inside) {
    assertThat(contains(range, address)).isEqualTo(inside);
  }

  @Test
  void contains_anyOfThem() {
    assertThat(contains("10.0.0.0/8 , fc00::/7", "10.1.1.1")).isTrue();
    assertThat(contains("10.0.0.0/8 , fc00::/7", "fd00::1")).isTrue();
    assertThat(contains(" ", "10.1.1.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "172.20.0.1", "192.168.0.1", "100.100.0.1", "fd12:3456::1"})
  void defaults_haveTheAddressesOfPods(String address) {
    assertThat(DrainPolicy.defaults().peers().contains(AddressRanges.address(address))).isTrue();
  }

  /** The metadata of clouds among them, which is what an attacker would have asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "fe80::1",
        "0.0.0.0",
        "::",
        "203.0.113.7",
        "2001:db8::1",
        "224.0.0.1",
        "::ffff:127.0.0.1"
      })
  void defaults_haveNoOthers(String address) {
    assertThat(DrainPolicy.defaults().peers().contains(AddressRanges.address(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10.0.0.0/",
        "10.0.0.0/x",
        "/8",
        "pods/8",
        "256.0.0.0/8",
        "10.0.0.0/8,,",
        "10.0.0.0/-1",
        "1:2/8",
        "..:/8",
        "fe80::1%eth0/64",
        "localhost/8",
        "0x7f.0.0.1/8",
        "2130706433/8"
      })
  void parse_ofWhatIsNoRange_isRefusedWithoutAskingForANames(String range) {
    assertThatThrownBy(() -> DrainPolicy.defaults().withPeers(range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("peers: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.1.2", "10.1.2.256", "pod-1", "fe80::1%eth0", "1:2", ":"})
  void address_thatIsNone_isRefused(String address) {
    assertThatThrownBy(() -> DrainPolicy.defaults().withPodIp(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("podIp: " + address + " (expected: an IP address)");
  }
}
