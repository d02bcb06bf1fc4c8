package io.gracefuldrain;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ranges of IP addresses, such as {@code 10.0.0.0/8}. Immutable. No name is ever looked up: what is
 * no address is refused.
 */
public final class AddressRanges {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern V6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");
  private static final Pattern BITS = Pattern.compile("\\d{1,3}");

  private record Range(InetAddress prefix, int bits) {
    boolean contains(byte[] address) {
      byte[] own = prefix.getAddress();
      if (address.length != own.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if (((own[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Range> ranges;

  private AddressRanges(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads ranges with a comma between them; a blank text has none.
   *
   * @throws IllegalArgumentException if one is no address with a number of bits
   */
  public static AddressRanges parse(String text) {
    List<Range> ranges = new ArrayList<>();
    if (!text.isBlank()) {
      for (String range : text.split(",", -1)) {
        ranges.add(range(range.trim()));
      }
    }
    return new AddressRanges(List.copyOf(ranges));
  }

  private static Range range(String text) {
    int slash = text.indexOf('/');
    String bits = text.substring(slash + 1);
    if (slash > 0 && BITS.matcher(bits).matches()) {
      String address = text.substring(0, slash);
      InetAddress prefix = isAddress(address) ? address(address) : null;
      if (prefix != null && Integer.parseInt(bits) <= 8 * prefix.getAddress().length) {
        return new Range(prefix, Integer.parseInt(bits));
      }
    }
    throw new IllegalArgumentException(
        text + " (expected: ranges of addresses, such as 10.0.0.0/8,fc00::/7)");
  }

  /**
   * Reads one address, IPv4 or IPv6, without a zone.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetAddress address(String text) {
    if (isAddress(text)) {
      try {
        return InetAddress.getByName(text); // of an address it asks nobody
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(text + " (expected: an IP address)", e);
      }
    }
    throw new IllegalArgumentException(text + " (expected: an IP address)");
  }

  private static boolean isAddress(String text) {
    return V4.matcher(text).matches() || V6.matcher(text).matches();
  }

  /** Whether an address is in one of them. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ranges.stream().anyMatch(range -> range.contains(bytes));
  }
}
