package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeamTest {
  private static List<WirePacket> packets(String letters) {
    return letters.chars().mapToObj(c -> WirePacket.of("42[\"" + (char) c + "\"]")).toList();
  }

  private static WirePacket withId(String name, String id) {
    return WirePacket.of("42[\"" + name + "\",7,{\"drainId\":" + id + "},{\"drainId\":\"no\"}]");
  }

  @ParameterizedTest
  @CsvSource({
    "'','',0",
    "abc,'',0",
    "'',abc,0",
    "abc,xyz,0",
    "abc,bcd,2",
    "abc,abc,3",
    "abc,abcd,3",
    "xabc,abc,3",
    "aaa,aa,2",
    "aab,aaab,0",
    "abab,abab,4",
    "abab,ababab,4",
    "ababc,abab,0",
    "xabab,ababy,4",
    "aabaa,aabaaab,5"
  })
  void run_isTheLongestEndThatIsAStart(String ends, String begins, int run) {
    assertThat(Seam.run(packets(ends), packets(begins))).isEqualTo(run);
  }

  @Test
  void run_isWhatAPlainSearchFinds() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      List<WirePacket> ends = packets(letters(random));
      List<WirePacket> begins = packets(letters(random));
      int longest = Math.min(ends.size(), begins.size());
      while (!ends.subList(ends.size() - longest, ends.size()).equals(begins.subList(0, longest))) {
        longest--;
      }
      assertThat(Seam.run(ends, begins)).as("%s %s", ends, begins).isEqualTo(longest);
    }
  }

  private static String letters(Random random) {
    StringBuilder letters = new StringBuilder();
    for (int left = random.nextInt(9); left > 0; left--) {
      letters.append((char) ('a' + random.nextInt(2)));
    }
    return letters.toString();
  }

  @Test
  void attachments_countToo() {
    WirePacket one = new WirePacket("451-[]", List.of(new byte[] {1}));
    WirePacket same = new WirePacket("451-[]", List.of(new byte[] {1}));
    WirePacket other = new WirePacket("451-[]", List.of(new byte[] {2}));

    assertThat(new Seam(List.of(one)).join(List.of(same))).isEmpty();
    assertThat(new Seam(List.of(one)).join(List.of(other))).containsExactly(other);
  }

  @Test
  void ids_removeADoubleWhereverItIs_asOftenAsItCame() {
    WirePacket a = withId("say", "\"a\"");
    WirePacket b = withId("say", "2");
    List<WirePacket> plain = packets("xy");
    Seam seam = new Seam(Arrays.asList(plain.get(0), a, b, a));

    assertThat(seam.join(List.of(plain.get(1), a, plain.get(0), a, a)))
        .containsExactly(plain.get(1), plain.get(0), a);
    assertThat(seam.open()).isTrue();
    assertThat(seam.isDouble(withId("say", "2.0"))).isTrue();
    assertThat(seam.open()).isFalse();
    assertThat(seam.isDouble(b)).isFalse();
  }

  @Test
  void ids_areOfOneEventInOneNamespace() {
    Seam seam = new Seam(List.of(withId("say", "\"a\"")));

    assertThat(seam.isDouble(withId("edit", "\"a\""))).isFalse();
    assertThat(seam.isDouble(withId("say", "true"))).isFalse();
    assertThat(
            seam.isDouble(
                WirePacket.of("42/chat,[\"say\",7,{\"drainId\":\"a\"},{\"drainId\":\"no\"}]")))
        .isFalse();
    assertThat(seam.isDouble(withId("say", "\"a\""))).isTrue();
  }
}
