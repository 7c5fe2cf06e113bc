package dev.kafkacloudberry.format;

/** Truth values: true, false, yes, no, on, off, their beginnings that are no other's, 1 and 0. */
final class BooleanText {

  private BooleanText() {}

  static Boolean read(byte[] text, int start, int end) {
    int first = Blanks.skip(text, start, end);
    int last = Blanks.trim(text, first, end);
    int length = last - first;
    if (length > 0) {
      switch (text[first] | 0x20) {
        case 't':
          if (begins("true", text, first, length)) {
            return true;
          }
          break;
        case 'y':
          if (begins("yes", text, first, length)) {
            return true;
          }
          break;
        case 'f':
          if (begins("false", text, first, length)) {
            return false;
          }
          break;
        case 'n':
          if (begins("no", text, first, length)) {
            return false;
          }
          break;
        case 'o':
          if (length == 2 && begins("on", text, first, length)) {
            return true;
          }
          if (length >= 2 && begins("off", text, first, length)) {
            return false;
          }
          break;
        default:
          if (length == 1 && (text[first] == '1' || text[first] == '0')) {
            return text[first] == '1';
          }
      }
    }
    throw InvalidTextException.of(text, start, end, "is not a truth value such as true or false");
  }

  private static boolean begins(String word, byte[] text, int first, int length) {
    if (length > word.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if ((text[first + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
