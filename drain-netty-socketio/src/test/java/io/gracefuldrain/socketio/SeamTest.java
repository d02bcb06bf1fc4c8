package io.gracefuldrain.socketio;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

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

    assertThat(seam(one).join(List.of(same))).isEmpty();
    assertThat(seam(one).join(List.of(other))).containsExactly(other);
  }

  /** All of it came after the question. */
  private static Seam seam(WirePacket... missed) {
    return new Seam(new Missed(List.of(missed), missed.length));
  }

  private static String join(String missed, int overlap, String held) {
    List<WirePacket> left = new Seam(new Missed(packets(missed), overlap)).join(packets(held));
    return left.stream().map(packet -> packet.text().substring(4, 5)).collect(joining());
  }

  @ParameterizedTest
  @CsvSource({
    "xab,2,abc,c", // both were there when it was taken
    "xab,1,abc,abc", // the old pod had the first one before it was asked: these are others
    "xab,1,bc,c",
    "ab,0,abc,abc",
    "tt,2,tt,tt", // two, three or four
    "tttt,2,tt,tt",
    "t,1,tt,tt",
    "at,2,att,t", // "a" says where they meet
    "aba,3,abac,c",
    "aba,3,ac,ac"
  })
  void join_removesOnlyWhatIsCertainlyADouble(
      String missed, int overlap, String held, String left) {
    assertThat(join(missed, overlap, held)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42[\"say\",{\"a\":1,\"b\":[{\"c\":2,\"d\":null}]}] | 42[\"say\",{\"b\":[{\"d\":null,\"c\":2}],\"a\":1}]",
        "42/chat,7[\"say\",{\"a\":1,\"b\":2}] | 42/chat,7[\"say\",{\"b\":2,\"a\":1}]"
      })
  void sameMembers_inAnotherOrder_areADouble(String one, String other) {
    assertThat(seam(WirePacket.of(one)).join(List.of(WirePacket.of(other)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42[\"say\",{\"a\":1,\"b\":2}] | 42[\"say\",{\"a\":2,\"b\":1}]",
        "42[\"say\",[1,2]] | 42[\"say\",[2,1]]",
        "42/a,[\"say\",1] | 42/b,[\"say\",1]",
        "421[\"say\",2] | 422[\"say\",1]",
        // equal as doubles
        "42[\"say\",{\"n\":9007199254740993,\"m\":0}] | 42[\"say\",{\"m\":0,\"n\":9007199254740992}]",
        "42[\"say\",nonsense] | 42[\"say\",nonsesen]"
      })
  void sameCharacters_thatSaySomethingElse_areNot(String one, String other) {
    WirePacket held = WirePacket.of(other);

    assertThat(seam(WirePacket.of(one)).join(List.of(held))).containsExactly(held);
  }

  @Test
  void ids_thatADoubleCannotHold_areTwo() {
    WirePacket held = withId("say", "9007199254740992");

    assertThat(seam(withId("say", "9007199254740993")).join(List.of(held))).containsExactly(held);
  }

  @Test
  void ids_removeADoubleWhereverItIs_andLeaveEachOnce() {
    WirePacket a = withId("say", "\"a\"");
    WirePacket b = withId("say", "2");
    List<WirePacket> plain = packets("xy");
    Seam seam = seam(plain.get(0), a, b, a);

    WirePacket c = withId("say", "\"c\"");
    assertThat(seam.join(List.of(plain.get(1), a, c, plain.get(0), c, a, a)))
        .containsExactly(plain.get(1), c, plain.get(0));
    assertThat(seam.last(List.of())).isEmpty();
    assertThat(seam.open()).isTrue();
    assertThat(seam.isDouble(withId("say", "2.0"))).isTrue();
    assertThat(seam.open()).isFalse();
    assertThat(seam.isDouble(b)).isFalse();
  }

  @Test
  void ids_areOfOneEventInOneNamespace() {
    Seam seam = seam(withId("say", "\"a\""));

    assertThat(seam.isDouble(withId("edit", "\"a\""))).isFalse();
    assertThat(seam.isDouble(withId("say", "true"))).isFalse();
    assertThat(
            seam.isDouble(
                WirePacket.of("42/chat,[\"say\",7,{\"drainId\":\"a\"},{\"drainId\":\"no\"}]")))
        .isFalse();
    assertThat(seam.isDouble(withId("say", "\"a\""))).isTrue();
  }

  @Test
  void ids_withASpace_areNotThoseOfAnotherEvent() {
    Seam seam = seam(WirePacket.of("42[\"chat\",{\"drainId\":\"x y\"}]"));

    assertThat(seam.isDouble(WirePacket.of("42[\"chat x\",{\"drainId\":\"y\"}]"))).isFalse();
  }

  @Test
  void last_leavesOutWhatThisPodHasSent_andExpectsTheRest() {
    WirePacket a = withId("say", "\"a\"");
    WirePacket b = withId("say", "\"b\"");
    List<WirePacket> plain = packets("xyz");
    Seam seam = seam(packets("m").get(0));
    assertThat(seam.join(List.of(plain.get(0)))).containsExactly(plain.get(0)); // held
    assertThat(seam.passes(a)).isTrue(); // live
    assertThat(seam.open()).isTrue();

    assertThat(seam.last(List.of(plain.get(0), plain.get(0), plain.get(1), a, b)))
        .containsExactly(plain.get(0), plain.get(1), b);

    assertThat(seam.passes(a)).as("it is another one").isTrue();
    assertThat(seam.passes(b)).as("the bus lags").isFalse();
    assertThat(seam.open()).isFalse();
  }

  /** Without ids nobody can tell two messages that say the same from one that both pods send. */
  @Test
  void equals_ofBothPods_countAsOne_unlessTheyHaveIds() {
    WirePacket like = packets("l").get(0);
    assertThat(seam(like).join(List.of(like))).isEmpty();
    Seam last = new Seam(Missed.NOTHING);
    assertThat(last.passes(like)).isTrue();
    assertThat(last.last(List.of(like))).isEmpty();

    WirePacket other = withId("like", "2");
    assertThat(seam(withId("like", "1")).join(List.of(other))).containsExactly(other);
  }
}
