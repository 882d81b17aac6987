package io.elanus.common.expr;

/// The operators of the filter language by how tightly they bind, loosest first: as in Milvus, only
/// that `not` before its operand binds looser than there, so that `not a == 1` means what it says.
enum Operator {
  OR(1),
  AND(2),
  BIT_OR(4),
  BIT_XOR(5),
  BIT_AND(6),
  EQUAL(7),
  NOT_EQUAL(7),
  LESS(8),
  LESS_OR_EQUAL(8),
  GREATER(8),
  GREATER_OR_EQUAL(8),
  IN(9),
  /// After an operand, the first word of `not in`.
  NOT(9),
  SHIFT_LEFT(10),
  SHIFT_RIGHT(10),
  ADD(11),
  SUBTRACT(11),
  MULTIPLY(12),
  DIVIDE(12),
  MODULO(12),
  BIT_NOT(13),
  POWER(14),
  LIKE(15),
  REGEX_MATCH(15),
  REGEX_NOT_MATCH(15),
  EXISTS(16);

  /// How tightly `not` binds before its operand: looser than a comparison.
  static final int PREFIX_NOT = 3;

  /// How tightly `+` and `-` bind before their operand: tighter than a product.
  static final int PREFIX_SIGN = 13;

  private final int power;

  Operator(int power) {
    this.power = power;
  }

  int power() {
    return power;
  }
}
