package io.elanus.index;

import java.util.Arrays;

/// Numbers terms in the order they are met, and counts them: a hash table with linear probing. One thread.
final class TermNumbers {
  private static final int FIRST_SLOTS = 1 << 10;

  /// Of each slot, the number of its term and one more; 0 when it is free.
  private int[] slots = new int[FIRST_SLOTS];

  private int[] terms = new int[FIRST_SLOTS / 2];
  private int[] counts = new int[FIRST_SLOTS / 2];
  private int size;
  private int total;

  /// Counts `term` once more.
  void add(int term) {
    if (size == terms.length) {
      grow();
    }
    int slot = slot(term);
    if (slots[slot] == 0) {
      terms[size] = term;
      slots[slot] = ++size;
    }
    counts[slots[slot] - 1]++;
    total++;
  }

  int size() {
    return size;
  }

  /// All counts added up.
  int total() {
    return total;
  }

  /// Of a term that was counted.
  int number(int term) {
    return slots[slot(term)] - 1;
  }

  /// How often the term of a number was counted.
  int count(int number) {
    return counts[number];
  }

  /// All terms, ascending as unsigned numbers.
  int[] sorted() {
    int[] sorted = new int[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = terms[i] ^ Integer.MIN_VALUE;
    }
    Arrays.sort(sorted);
    for (int i = 0; i < size; i++) {
      sorted[i] ^= Integer.MIN_VALUE;
    }
    return sorted;
  }

  /// Where the term is, or where it belongs.
  private int slot(int term) {
    int mask = slots.length - 1;
    int slot = term * 0x9e3779b9 >>> Integer.numberOfLeadingZeros(mask);
    while (slots[slot] != 0 && terms[slots[slot] - 1] != term) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    slots = new int[2 * slots.length];
    terms = Arrays.copyOf(terms, 2 * size);
    counts = Arrays.copyOf(counts, 2 * size);
    for (int number = 0; number < size; number++) {
      slots[slot(terms[number])] = number + 1;
    }
  }
}
