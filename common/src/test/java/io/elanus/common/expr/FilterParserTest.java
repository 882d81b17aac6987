package io.elanus.common.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Texts and the trees they parse to, as [ExprPrinter] shows them.
class FilterParserTest {
  private static final Map<String, Literal> TEMPLATES =
      Map.of(
          "n", new IntLiteral(7),
          "s", new TextLiteral("red"),
          "b", new BoolLiteral(true),
          "list", new ListLiteral(List.of(new IntLiteral(1), new IntLiteral(2))));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big == 1                          | big == 1
          1 < big                           | big > 1
          big <= -5                         | big <= -5
          5 >= big                          | big <= 5
          1 != big                          | big != 1
          1 < big <= 5                      | big > 1 and big <= 5
          5 > big >= 1                      | big >= 1 and big < 5
          1.5 <= price < 20                 | price >= 1.5 and price < 20.0
          "a" < name <= "c"                 | name > "a" and name <= "c"
          price > 3                         | price > 3.0
          real == 0.1                       | real == 0.10000000149011612
          name == 'it\\'s "so"'             | name == "it's \\"so\\""
          name == "it's"                    | name == "it's"
          flag == true                      | flag == true
          flag != False                     | flag != false
          true == flag                      | flag == true
          flag < true                       | flag == false
          flag >= false                     | true
          big < medium                      | big < medium
          big != price                      | big != price
          name == other                     | name == other
          name > other                      | name > other
          """)
  void comparisons(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big == 0x1F               | big == 31
          big == 017                | big == 15
          big == 0b101              | big == 5
          big == 0                  | big == 0
          big == +4                 | big == 4
          big == --4                | big == 4
          big > -9223372036854775808 | big > -9223372036854775808
          big < 9223372036854775807 | big < 9223372036854775807
          price == .5               | price == 0.5
          price == 5.               | price == 5.0
          price == 1e3              | price == 1000.0
          price == 1.5E-1           | price == 0.15
          price == 0x1.8p3          | price == 12.0
          name == r'a\\d+'          | name == "a\\\\d+"
          name == R"a\\"b"          | name == "a\\\\\\"b"
          name == "\\u4e2d\\x41\\101" | name == "中AA"
          name == "\\xe4\\xb8\\xad" | name == "中"
          name == "\\U0001F600\\ud83d\\ude00" | name == "😀😀"
          name == "中 😀"           | name == "中 😀"
          name == "a\\tb\\\\"       | name == "a	b\\\\"
          """)
  void literals(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big > 1.5                 | big > 1
          big >= 1.5                | big >= 2
          big < 1.5                 | big < 2
          big <= 1.5                | big <= 1
          big == 2.0                | big == 2
          big == 2.5                | false
          big != 2.5                | true
          big < 1e30                | true
          big > 1e30                | false
          big >= -1e30              | true
          tiny == 300               | false
          tiny != 300               | true
          tiny < 300                | true
          tiny >= -300              | true
          small > 40000             | false
          medium <= 3000000000      | true
          medium in [1, 3000000000] | medium in [1]
          tiny in [300]             | false
          0 < tiny < 300            | tiny > 0
          """)
  void constantsAColumnCannotReachAreFolded(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big > 1 and price < 2 or flag == true       | (big > 1 and price < 2.0) or flag == true
          big > 1 && price < 2                        | big > 1 and price < 2.0
          big > 1 AND (price < 2 OR flag == true)     | big > 1 and (price < 2.0 or flag == true)
          big == 1 and big == 2 and (id == 3 and id == 4) | big == 1 and big == 2 and id == 3 and id == 4
          not (big > 1)                               | not (big > 1)
          !(big > 1) and !(id > 1)                    | not (big > 1) and not (id > 1)
          NOT big > 1                                 | not (big > 1)
          not flag == true and big == 1               | not (flag == true) and big == 1
          not not (big > 1)                           | big > 1
          not big in [1]                              | not (big in [1])
          ((((big == 1))))                            | big == 1
          true                                        | true
          false                                       | false
          1 == 1                                      | true
          1 < 2 and 2.5 >= 3                          | false
          'a' < 'b'                                   | true
          true == false                               | false
          not true                                    | false
          (big > 1) or true                           | true
          big > 1 and true                            | big > 1
          big > 1 and 1 == 2                          | false
          big > 1 or 1 > 2                            | big > 1
          """)
  void logic(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big in [3, 1, 3]          | big in [3, 1]
          big in [1, 2, ]           | big in [1, 2]
          big IN [1]                | big in [1]
          big in [-1, 1 + 1]        | big in [-1, 2]
          big in []                 | false
          big not in []             | true
          big not in [1]            | not (big in [1])
          big NOT IN [1]            | not (big in [1])
          price in [1, 2.5]         | price in [1.0, 2.5]
          name in ['a', "b"]        | name in ["a", "b"]
          flag in [true]            | flag in [true]
          meta["a"] in [1, "x", true] | meta["a"] in [1, "x", true]
          meta["a"] in [1, 2.5]     | meta["a"] in [1.0, 2.5]
          big in {list}             | big in [1, 2]
          big not in {list}         | not (big in [1, 2])
          big > {n} and name == {s} | big > 7 and name == "red"
          flag == {b}               | flag == true
          {n} < big < 10            | big > 7 and big < 10
          big + {n} == 9            | (big + 7) == 9
          name like {s}             | name like "red"
          """)
  void membershipAndTemplates(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          big + 1 == 3              | (big + 1) == 3
          3 + big == 3              | (big + 3) == 3
          2 * big >= 3              | (big * 2) >= 3
          3 == big - 1              | (big - 1) == 3
          big / 2 == 3              | (big / 2) == 3
          big % 7 == 1              | (big % 7) == 1
          (big + 3) * 2 == 10       | ((big + 3) * 2) == 10
          big * 2 + 3 == 10         | ((big * 2) + 3) == 10
          price * 1.5 > 3           | (price * 1.5) > 3.0
          big + 1.5 > 3             | (big + 1.5) > 3.0
          big + 1 > 2.5             | (big + 1) > 2
          meta["a"] + 1 == 2        | (meta["a"] + 1) == 2
          big == 1 + 2 * 3          | big == 7
          big == (1 + 2) * 3        | big == 9
          big == 7 / 2              | big == 3
          big == -7 % 3             | big == -1
          price == 2 ** 3           | price == 8.0
          price == -2 ** 2          | price == -4.0
          price == 2 ** -1          | price == 0.5
          price == 7 / 2.0          | price == 3.5
          big + 1 < medium * 2      | (big + 1) < (medium * 2)
          """)
  void arithmetic(String filter, String printed) {
    assertParses(filter, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          meta["a"]["b"][0] > 3         | meta["a"]["b"][0] > 3
          meta['a'] == "x"              | meta["a"] == "x"
          meta["a b\\"c"] == 1          | meta["a b\\"c"] == 1
          meta["a"] == 1.5              | meta["a"] == 1.5
          meta["a"] == true             | meta["a"] == true
          meta["a"] == [1, "x"]         | meta["a"] == [1, "x"]
          meta[ 0 ] == 1                | meta[0] == 1
          1 < meta["a"] < 5             | meta["a"] > 1 and meta["a"] < 5
          exists meta["a"]              | exists meta["a"]
          exists(meta["a"]["b"])        | exists meta["a"]["b"]
          EXISTS meta["a"] and big > 1  | exists meta["a"] and big > 1
          not exists meta["a"]          | not (exists meta["a"])
          meta["a"] is null             | not (exists meta["a"])
          meta["a"] IS NOT NULL         | exists meta["a"]
          meta is not null              | meta is not null
          big is null                   | not (big is not null)
          name Is Not Null and big > 1  | name is not null and big > 1
          name like "ab%"               | name like "ab%"
          name LIKE "%a\\%b_"           | name like "%a\\\\%b_"
          name like ""                  | name like ""
          meta["a"] like '%x%'          | meta["a"] like "%x%"
          not name like "a%"            | not (name like "a%")
          $meta["k"] == 1               | $meta["k"] == 1
          color == "red"                | $meta["color"] == "red"
          color["a"][2] > 1             | $meta["color"]["a"][2] > 1
          exists color                  | exists $meta["color"]
          color is null                 | not (exists $meta["color"])
          color in ["red"]              | $meta["color"] in ["red"]
          color                         | ERROR
          """)
  void jsonAndDynamicKeys(String filter, String printed) {
    if (printed.equals("ERROR")) {
      assertThatThrownBy(() -> FilterParser.parse(filter, Schemas.DYNAMIC, Map.of()))
          .hasMessageContaining("predicate is not a boolean expression: color, data type: JSON");
    } else {
      assertParses(filter, printed);
    }
  }

  @Test
  void orHasThreeSpellings() {
    for (String or : List.of("or", "OR", "||")) {
      assertParses("big > 1 and id == 2 " + or + " id == 3", "(big > 1 and id == 2) or id == 3");
    }
  }

  @Test
  void anEmptyFilterIsAlwaysTrue() {
    assertParses("", "true");
    assertParses(" \t\n", "true");
  }

  @Test
  void blanksDoNotMatter() {
    assertParses("\tbig\n==\r\n1\nand(id==2)", "big == 1 and id == 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nope > 1             | field nope not exist
          nope["a"] > 1        | field nope not exist
          nope is null         | field nope not exist
          null == 1            | field null not exist
          !flag                | not op can only be applied on boolean expression
          not big              | not op can only be applied on boolean expression
          big > 0 and flag     | 'and' can only be used between boolean expressions
          flag or big > 0      | 'or' can only be used between boolean expressions
          1 and true           | 'and' can only be used between boolean expressions
          name == 1            | comparisons between VarChar and Int64 are not supported
          1 == name            | comparisons between Int64 and VarChar are not supported
          big == "1"           | comparisons between Int64 and VarChar are not supported
          flag == 1            | comparisons between Bool and Int64 are not supported
          vector == 1          | comparisons between FloatVector and Int64 are not supported
          name == big          | comparisons between VarChar and Int64 are not supported
          flag < flag          | comparisons between Bool and Bool are not supported
          big == [1]           | comparisons between Int64 and Array are not supported
          "1" == 1             | comparison operations cannot be applied to two incompatible operands: VarChar and Int64
          true < false         | comparison operations cannot be applied to two incompatible operands: Bool and Bool
          meta["a"] == big     | two column comparison with JSON type is not supported
          (big > 1) == true    | comparisons between Bool and Bool are not supported
          big in [1.0]         | value 'float_val:1' in list cannot be casted to Int64
          big in [1, "a"]      | value 'string_val:"a"' in list cannot be casted to Int64
          name in [1]          | value 'int64_val:1' in list cannot be casted to VarChar
          big in 1             | the right-hand side of 'in' must be a list, but got: Int64
          big in id            | the list of 'in' cannot be a non-const expression
          1 in [1]             | 'term' can only be used on non-const expression
          big + 1 in [1]       | 'term' can only be used on single field
          big in [id]          | array element type must be generic value, but got: id
          big like "a"         | like operation on non-string or no-json field is unsupported
          name like 1          | the pattern of like must be a string, but got: Int64
          "a" like "a"         | like operation on complicated expr is unsupported
          exists big           | exists operations are only supportted on json field, got:Int64
          exists meta          | exists operations are only supportted on json key
          exists 1             | exists operations are only supported on single fields now
          vector is null       | is null and is not null are not supported on FloatVector
          big["a"] == 1        | Int64 data type not supported accessed with []
          5 < big < 1          | invalid range: lowerbound is greater than upperbound
          1 < big < 1          | invalid range: lowerbound is greater than upperbound
          1 < flag < 2         | invalid range operations on boolean expr
          1 < name < 2         | invalid range operations
          id < big < 2         | lowerbound cannot be a non-const expression
          1 < big > 2          | the two comparisons of a range must have the same direction
          1 < big + 1 < 3      | range operations are only supported on single fields now
          big + id == 1        | not supported to do arithmetic operations between multiple fields
          3 - big == 1         | 'subtract' of a constant and a field is not supported, only of a field and a constant
          name + 1 == 1        | 'add' cannot perform arithmetic between VarChar and Int64
          "a" + 1 == 1         | 'add' cannot perform arithmetic between VarChar and Int64
          price % 2 == 1       | modulo can only apply on integer types
          big % 2.5 == 1       | modulo can only apply on integer types
          big / 0 == 1         | division or modulus by zero
          big % 0 == 1         | division or modulus by zero
          1 / 0 == 1           | cannot divide by zero
          big ** 2 == 4        | power can only apply on constants
          -big == 1            | unary '-' can only be applied to a number, not to Int64
          ~big == 1            | unexpected op: ~
          big << 1 == 2        | shift is not supported: <<
          big & 1 == 1         | BitAnd is not served yet
          name =~ "a"          | =~ is not served yet
          text_match(name, "a") | text_match is not served yet
          JSON_CONTAINS(meta["a"], 1) | JSON_CONTAINS is not served yet
          big > 1 and random_sample(0.1) | random_sample is not served yet
          st_within(name, "P") | st_within is not served yet
          foo(big)             | function foo not found
          tags[0] == 1         | filter on Array field (tags) is not served yet
          essay == "a"         | filter on text field (essay) is not supported yet
          big > ISO "2025"     | ISO is not served yet
          $[sub] == 1          | element access with $ is not served yet
          meta[sub] == 1       | struct field access with [sub] is not served yet
          meta[""] == 1        | invalid identifier: an empty key
          big == 9223372036854775808 | parsing "9223372036854775808": value out of range
          price == 1e400       | parsing "1e400": value out of range
          big ==               | line 1:6 unexpected '<EOF>'
          big = 1              | line 1:4 unexpected '='
          (big == 1            | line 1:9 unexpected '<EOF>'
          big == 1)            | line 1:8 unexpected ')'
          big == 1 id          | line 1:9 unexpected 'id'
          big in [1,,2]        | line 1:10 unexpected ','
          big in [1 2]         | line 1:10 unexpected '2'
          meta[-1] == 1        | line 1:5 unexpected '-'
          big not 1            | line 1:8 unexpected '1'
          name == "a           | line 1:8 text without its closing "
          name == "\\u12"      | line 1:9 an escape of fewer than 4 hexadecimal digits
          name == "\\ud83d"    | line 1:15 an escape of no character
          name == "\\xff"      | line 1:9 escapes that are no UTF-8
          big == 1 # no        | line 1:9 token recognition error at: '#'
          """)
  void refusals(String filter, String cause) {
    assertThatThrownBy(() -> FilterParser.parse(filter, Schemas.PLAIN, Map.of()))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessage(
            "failed to create query plan: cannot parse expression: %s: %s: query plan failed"
                .formatted(filter, cause));
  }

  @ParameterizedTest
  @CsvSource({"flag, Bool", "big, Int64", "1, Int64", "1.5, Double", "'''a''', VarChar"})
  void aFilterMustBeACondition(String filter, String type) {
    assertThatThrownBy(() -> FilterParser.parse(filter, Schemas.PLAIN, Map.of()))
        .hasMessage(
            "failed to create query plan: predicate is not a boolean expression: "
                + "%s, data type: %s: query plan failed".formatted(filter, type));
  }

  @Test
  void templatesMustBeThereAndFit() {
    assertThatThrownBy(() -> FilterParser.parse("big > {x}", Schemas.PLAIN, Map.of()))
        .hasMessage(
            "failed to create query plan: "
                + "the value of expression template variable name {x} is not found"
                + ": query plan failed");
    assertThatThrownBy(() -> FilterParser.parse("big in { n }", Schemas.PLAIN, TEMPLATES))
        .hasMessageContaining("the value of term expression template variable {n} is not array");
    assertThatThrownBy(() -> FilterParser.parse("big == {s}", Schemas.PLAIN, TEMPLATES))
        .hasMessageContaining("comparisons between Int64 and VarChar are not supported");
  }

  @Test
  void errorsOfADeleteSayDelete() {
    assertThatThrownBy(() -> FilterParser.parseDelete("nope == 1", Schemas.PLAIN, Map.of()))
        .hasMessageStartingWith("failed to create delete plan: cannot parse expression: nope == 1");
  }

  @Test
  void nestingIsLimited() {
    assertParses("(".repeat(100) + "big == 1" + ")".repeat(100), "big == 1");
    for (String open : List.of("(", "not ", "- ", "[", "exists ")) {
      assertThatThrownBy(
              () -> FilterParser.parse(open.repeat(10_000) + "big", Schemas.PLAIN, Map.of()))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("the expression is nested deeper than 100 levels");
    }
    assertThatThrownBy(
            () -> FilterParser.parse("big" + " + 1".repeat(101) + " == 1", Schemas.PLAIN, Map.of()))
        .hasMessageContaining("more than 100 arithmetic operations on one field");
  }

  @Test
  void longFiltersTakeLinearTime() {
    int count = 100_000;
    String list =
        IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String chain = "big == 1" + " or big > 5".repeat(count);

    Expr in = parseWithin(Duration.ofSeconds(20), "id in [" + list + "]");
    Expr or = parseWithin(Duration.ofSeconds(20), chain);

    assertThat(((Expr.In) in).values()).hasSize(count);
    assertThat(((Expr.Or) or).operands()).hasSize(count + 1);
  }

  @Test
  void aFilterTooLongIsRefusedWithoutRepeatingIt() {
    String filter = "big == 1" + " ".repeat(FilterSource.MAX_LENGTH);

    assertThatThrownBy(() -> FilterParser.parse(filter, Schemas.PLAIN, Map.of()))
        .isInstanceOf(DbException.class)
        .message()
        .contains("16777224 characters, at most 16777216 are allowed")
        .hasSizeLessThan(5000);
  }

  @Test
  void randomTextsThrowNothingButDbException() {
    String[] words = {
      "big",
      "name",
      "meta",
      "flag",
      "color",
      "$meta",
      "$",
      "null",
      "is",
      "not",
      "and",
      "or",
      "in",
      "like",
      "exists",
      "true",
      "1",
      "2.5",
      "0x",
      "9223372036854775808",
      "'a'",
      "\"b\\",
      "r'",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      "{n}",
      ",",
      "==",
      "!=",
      "<",
      "<=",
      ">",
      "+",
      "-",
      "*",
      "**",
      "/",
      "%",
      "&",
      "|",
      "^",
      "~",
      "=~",
      "<<",
      " ",
      "\n",
      "\\",
      "é",
      "😀",
      "\ud83d",
      "\0",
      "text_match"
    };
    Random random = new Random(20251120);
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          for (int round = 0; round < 30_000; round++) {
            String filter =
                random
                    .ints(random.nextInt(14), 0, words.length)
                    .mapToObj(i -> words[i] + " ".repeat(random.nextInt(2)))
                    .collect(Collectors.joining());
            parseOrRefuse(filter);
          }
        });
  }

  private static void parseOrRefuse(String filter) {
    Expr parsed;
    try {
      parsed = FilterParser.parse(filter, Schemas.DYNAMIC, TEMPLATES);
    } catch (DbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
      return;
    }
    String printed = ExprPrinter.print(parsed, Schemas.DYNAMIC);
    assertThat(FilterParser.parse(printed, Schemas.DYNAMIC, Map.of()))
        .as("%s printed as %s", filter, printed)
        .isEqualTo(parsed);
  }

  private static Expr parseWithin(Duration limit, String filter) {
    return Assertions.assertTimeout(
        limit, () -> FilterParser.parse(filter, Schemas.PLAIN, Map.of()));
  }

  /// The filter parses to what is printed, and what is printed to the same again.
  private static void assertParses(String filter, String printed) {
    Expr parsed = FilterParser.parse(filter, Schemas.DYNAMIC, TEMPLATES);
    assertThat(ExprPrinter.print(parsed, Schemas.DYNAMIC)).isEqualTo(printed);
    assertThat(FilterParser.parse(printed, Schemas.DYNAMIC, Map.of())).isEqualTo(parsed);
  }
}
