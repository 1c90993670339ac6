/* The loops of envterms.engine in C, with the same results as plain.py, in which they are easier to read.

   The tables come from Trie (trie.py) and may come from a damaged file, so nothing is read without a look at the bounds. */

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PARTICLE = 1, LONG = 6, PART = 2, FIRST = 40503, SECOND = 1021 }; /* as in trie.py */

typedef struct {
    int32_t *start, *end, *form;
    size_t length, room;
} Hits;

typedef struct {
    int32_t base, check, form;
} Cell;

typedef struct {
    const uint16_t *classes;
    const Cell *cells;
    const uint8_t *pairs, *beginnings, *shorts;
    size_t class_count, state_count, pair_bits, beginning_bits, short_bits;
    int32_t forms, longest;
} Trie;

typedef struct {
    int32_t end, form;
} Ending;

/* The code points of a text, with one 0 behind them; to be freed with PyMem_Free. */
static Py_UCS4 *code_points(PyObject *text, Py_ssize_t *length) {
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "the text must be a str");
        return NULL;
    }
    *length = PyUnicode_GetLength(text);
    if (*length < 0) return NULL;
    if (*length > INT32_MAX - 1) {
        PyErr_SetString(PyExc_OverflowError, "the text is too long to be scanned at once");
        return NULL;
    }
    return PyUnicode_AsUCS4Copy(text);
}

static PyObject *as_text(const Py_UCS4 *codes, Py_ssize_t length) {
    int order = 1;
    order = *(char *)&order ? -1 : 1; /* of the bytes in memory */
    return PyUnicode_DecodeUTF32((const char *)codes, length * (Py_ssize_t)sizeof(Py_UCS4), "surrogatepass", &order);
}

static PyObject *as_bytes(const void *numbers, size_t size) { return PyBytes_FromStringAndSize(numbers, (Py_ssize_t)size); }

/* How many C ints a buffer holds. */
static size_t ints(const Py_buffer *buffer) { return (size_t)buffer->len / sizeof(int32_t); }

static PyObject *packed(PyObject *first, PyObject *second, PyObject *third) {
    PyObject *result = first && second && third ? PyTuple_Pack(3, first, second, third) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    Py_XDECREF(third);
    return result;
}

/* What the code points become, by a table of unsigned ints; those beyond it stay. */
static void fold_codes(Py_UCS4 *codes, Py_ssize_t length, const Py_buffer *table) {
    const uint32_t *folded = table->buf;
    size_t count = (size_t)table->len / sizeof(uint32_t);
    for (Py_ssize_t at = 0; at < length; at++) codes[at] = codes[at] < count ? folded[codes[at]] : codes[at];
}

static PyObject *fold(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer table;
    PyObject *text;
    if (!PyArg_ParseTuple(arguments, "y*U", &table, &text)) return NULL;
    PyObject *folded = NULL;
    Py_ssize_t length;
    Py_UCS4 *codes = code_points(text, &length);
    if (codes != NULL) {
        Py_BEGIN_ALLOW_THREADS
        fold_codes(codes, length, &table);
        Py_END_ALLOW_THREADS
        folded = as_text(codes, length);
        PyMem_Free(codes);
    }
    PyBuffer_Release(&table);
    return folded;
}

/* The length of the UTF-8 sequence at a place, 0 if there is none or it is cut off: the table 3-7 of the Unicode standard. */
static size_t sequence(const uint8_t *bytes, size_t left) {
    uint8_t lead = bytes[0];
    if (lead < 0x80) return 1;
    if (left < 2 || lead < 0xc2 || lead > 0xf4 || (bytes[1] & 0xc0) != 0x80) return 0;
    if (lead < 0xe0) return 2;
    if (left < 3 || (bytes[2] & 0xc0) != 0x80) return 0;
    if (lead < 0xf0) return (lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f) ? 0 : 3;
    if (left < 4 || (bytes[3] & 0xc0) != 0x80) return 0;
    return (lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] > 0x8f) ? 0 : 4;
}

/* Up to where bytes are UTF-8. The most are characters of three bytes, so these are looked at first, and four of ASCII at once. */
static size_t utf8_length(const uint8_t *bytes, size_t size) {
    size_t at = 0;
    while (size - at >= 4) {
        const uint8_t *here = bytes + at;
        uint32_t four = here[0] | (uint32_t)here[1] << 8 | (uint32_t)here[2] << 16 | (uint32_t)here[3] << 24;
        if ((four & 0xc0c0f0) == 0x8080e0 && (four & 0xff) != 0xe0 && (four & 0xff) != 0xed) {
            at += 3;
        } else if (!(four & 0x80808080)) {
            at += 4;
        } else {
            size_t length = sequence(here, size - at);
            if (!length) return at;
            at += length;
        }
    }
    while (at < size) {
        size_t length = sequence(bytes + at, size - at);
        if (!length) break;
        at += length;
    }
    return at;
}

static PyObject *utf8_end(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer data;
    if (!PyArg_ParseTuple(arguments, "y*", &data)) return NULL;
    size_t end;
    Py_BEGIN_ALLOW_THREADS
    end = utf8_length(data.buf, (size_t)data.len);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    return PyLong_FromSize_t(end);
}

static PyObject *total(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer weights;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*U", &weights, &text)) return NULL;
    Py_ssize_t length;
    Py_UCS4 *codes = code_points(text, &length);
    if (codes != NULL && weights.len > 0) {
        long long sum = 0;
        Py_BEGIN_ALLOW_THREADS
        const uint8_t *weight = weights.buf;
        size_t last = (size_t)weights.len - 1;
        for (Py_ssize_t at = 0; at < length; at++) sum += weight[codes[at] < last ? codes[at] : last];
        Py_END_ALLOW_THREADS
        result = PyLong_FromLongLong(sum);
    } else if (codes != NULL) {
        PyErr_SetString(PyExc_ValueError, "there are no weights");
    }
    PyMem_Free(codes);
    PyBuffer_Release(&weights);
    return result;
}

/* What is left out of a text, in three columns; `length` and `room` count gaps. */
typedef struct {
    int32_t *starts, *shifts;
    uint8_t *kinds;
    size_t length, room;
} Gaps;

enum { INVISIBLE = 1, QUOTE, SPACE, COMPLEX, BRACKET, DOUBLE, LETTER = 0x80, NEAR = 40 }; /* as in cleaning.py */
enum { IGNORED = 1, BLANK, SYLLABLE = 6, READING = 3, MARKUP = 5, ESCAPED, STANDS_FOR = 0x80 };
enum { FOLDED = 7, REPAIRS = 512 }; /* as in hits.py */

/* Noise of cleaning.py. */
typedef struct {
    Py_buffer classes, letters, readings, folded;
    const char *blocks, *inlines;
} Noise;

/* An entry of a table of bytes by code point, the last one for all code points beyond it. */
static int entry(const Py_buffer *table, Py_UCS4 code) {
    Py_ssize_t last = table->len - 1;
    return ((const uint8_t *)table->buf)[(Py_ssize_t)code < last ? (Py_ssize_t)code : last];
}

/* The class of the character at a place, 0 behind the text. */
static int class_at(const Noise *noise, const Py_UCS4 *codes, Py_ssize_t length, Py_ssize_t at) {
    return at < length ? entry(&noise->classes, codes[at]) : 0;
}

/* The end of a bracket at a place that holds the reading of the last of `written` characters; 0 if Python must be asked. */
static Py_ssize_t reading_end(const Noise *noise, const Py_UCS4 *codes, Py_ssize_t length, Py_ssize_t at, Py_ssize_t written) {
    if (!written || !noise->letters.len || entry(&noise->letters, codes[written - 1]) == BLANK) return 0;
    uint64_t key = 0;
    int letters = 0, begun = 0, ended = 0;
    Py_ssize_t end = at + 1;
    for (; end < length && end - at <= NEAR && (class_at(noise, codes, length, end) & LETTER); end++) {
        int letter = entry(&noise->letters, codes[end]);
        if (letter == BLANK) {
            ended = begun;
            continue;
        }
        if (!letter || ended) return 0;
        begun = 1;
        if (letter == IGNORED) continue;
        if (++letters > SYLLABLE) return 0;
        key = key * 27 + (uint64_t)(letter - 'a' + 1);
    }
    if (!letters || end == length || (codes[end] != ')' && codes[end] != 0xff09)) return 0;
    key = key << 21 | codes[written - 1];
    const uint64_t *keys = noise->readings.buf;
    size_t low = 0, high = (size_t)noise->readings.len / sizeof(uint64_t);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys[middle] < key) low = middle + 1;
        else high = middle;
    }
    return low < (size_t)noise->readings.len / sizeof(uint64_t) && keys[low] == key ? end + 1 : 0;
}

static int add_gap(Gaps *gaps, Py_ssize_t written, Py_ssize_t end, int kind) {
    if (gaps->length == gaps->room) {
        size_t room = gaps->room ? 2 * gaps->room : 1024;
        int32_t *starts = realloc(gaps->starts, room * sizeof(int32_t));
        if (starts) gaps->starts = starts;
        int32_t *shifts = realloc(gaps->shifts, room * sizeof(int32_t));
        if (shifts) gaps->shifts = shifts;
        uint8_t *kinds = realloc(gaps->kinds, room);
        if (kinds) gaps->kinds = kinds;
        if (!starts || !shifts || !kinds) return 0;
        gaps->room = room;
    }
    gaps->starts[gaps->length] = (int32_t)written;
    gaps->shifts[gaps->length] = (int32_t)(end - written);
    gaps->kinds[gaps->length++] = (uint8_t)kind;
    return 1;
}

/* White space as it is read: whether no term runs on across it, as is_hard of cleaning.py says. */
typedef struct {
    int hard, lines, indent; /* how many ideographic spaces follow a new line, with blanks alone before them; -1 if there is none */
    Py_UCS4 last;
} Space;

static void read_space(Space *space, Py_UCS4 code) {
    int breaks = code == '\n' || code == '\r' || code == 0x2028 || code == 0x2029;
    space->lines += (breaks && !(code == '\n' && space->last == '\r')) || code == 0x0b || code == 0x85;
    if (breaks) space->indent = 0;
    else if (space->indent >= 0 && code == 0x3000) space->indent++;
    else if (space->indent != 0 || (code != ' ' && code != 0xa0)) space->indent = -1;
    if (space->lines > 1 || space->indent == 2 || code == '\t' || code == '\f') space->hard = 1;
    space->last = code;
}

enum { NAME = 16, ATTRIBUTES = 400, SCRIPT = 20000, COMMENT = 4000, NO_GAP = 0, ASK = -1 }; /* a name is not longer; as in noise.py */

/* A text whose noise is looked at; behind it stand zeros. */
typedef struct {
    const Py_UCS4 *codes;
    Py_ssize_t length;
    const Noise *noise;
} Source;

static Py_UCS4 source_at(const Source *source, Py_ssize_t at) { return at < source->length ? source->codes[at] : 0; }

/* The length of a word of ASCII letters at a place, whatever their case; 0 if it does not stand there. */
static int word_at(const Source *source, Py_ssize_t at, const char *word) {
    int length = 0;
    for (; word[length]; length++) {
        Py_UCS4 code = source_at(source, at + length);
        if ((code >= 'A' && code <= 'Z' ? code + 32 : code) != (Py_UCS4)word[length]) return 0;
    }
    return length;
}

/* Whether the text at `[start, end)`, whatever the case of its letters, is one of the names in a list, each of which has a blank on both sides. */
static int is_listed(const Source *source, Py_ssize_t start, Py_ssize_t end, const char *list) {
    char name[NAME + 3] = " ";
    if (start == end || end - start > NAME) return 0;
    for (Py_ssize_t at = start; at < end; at++) {
        Py_UCS4 code = source_at(source, at);
        name[at - start + 1] = (char)(code >= 'A' && code <= 'Z' ? code + 32 : code);
    }
    name[end - start + 1] = ' ';
    return strstr(list, name) != NULL;
}

static int is_ascii_word(Py_UCS4 code) {
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
}


/* The end of the tag whose name ends at a place. */
static Py_ssize_t tag_end(const Source *source, Py_ssize_t at) {
    Py_ssize_t first = at;
    while (at < source->length && at - first <= ATTRIBUTES && source->codes[at] != '<' && source->codes[at] != '>') at++;
    return source_at(source, at) == '>' && at - first <= ATTRIBUTES ? at + 1 : NO_GAP;
}

/* The end of a script or style sheet of which the first tag ends at a place. */
static Py_ssize_t script_end(const Source *source, Py_ssize_t at) {
    Py_ssize_t first = at;
    while (at < source->length && at - first <= SCRIPT && source->codes[at] != '<') at++;
    int name = at - first > SCRIPT ? 0 : word_at(source, at, "</script>");
    if (!name && at - first <= SCRIPT) name = word_at(source, at, "</style>");
    return name ? at + name : NO_GAP;
}

/* The end of a comment at a place; one with a > in it is not known here. */
static Py_ssize_t comment_end(const Source *source, Py_ssize_t at) {
    if (!word_at(source, at, "<!--")) return NO_GAP;
    Py_ssize_t first = at += 4;
    for (; at < source->length && at - first <= COMMENT; at++) {
        if (word_at(source, at, "-->")) return at + 3;
        if (source->codes[at] == '>') return ASK;
        if (source->codes[at] == '<') return NO_GAP;
    }
    return NO_GAP;
}

/* The end of the tag, script or comment at a place. */
static Py_ssize_t markup_end(const Source *source, Py_ssize_t at, Space *space) {
    if (source_at(source, at + 1) == '!') return comment_end(source, at);
    int closing = source_at(source, at + 1) == '/';
    Py_ssize_t name = at + 1 + closing, end = name;
    while (is_ascii_word(source_at(source, end))) end++;
    int block = is_listed(source, name, end, source->noise->blocks);
    int known = block || is_listed(source, name, end, source->noise->inlines);
    if (!known && source_at(source, end) == ':') { /* <o:p> */
        for (end++; is_ascii_word(source_at(source, end));) end++;
        if (!is_listed(source, name, end, source->noise->inlines)) return ASK;
        known = 1;
    }
    if (source_at(source, end) >= 0x80) return ASK;
    if (!known) return NO_GAP;
    Py_ssize_t behind = tag_end(source, end);
    if (behind == NO_GAP) return NO_GAP;
    if (block) {
        read_space(space, '\n');
        read_space(space, '\n');
        if (!closing && (word_at(source, name, "script") == end - name || word_at(source, name, "style") == end - name)) {
            Py_ssize_t whole = script_end(source, behind);
            return whole ? whole : behind;
        }
    } else if (!closing && end - name == 2 && word_at(source, name, "br")) {
        read_space(space, '\n');
    }
    return behind;
}

static int has_capital(const Source *source, Py_ssize_t start, Py_ssize_t end) {
    while (start < end && !(source_at(source, start) >= 'A' && source_at(source, start) <= 'Z')) start++;
    return start < end;
}

/* The end of a character of white space that is written as an entity; what a name in capitals stands for is not known here. */
static Py_ssize_t blank_end(const Source *source, Py_ssize_t at, Space *space) {
    static const struct {
        const char *name;
        Py_UCS4 code;
    } blanks[] = {{"nbsp;", 0xa0}, {"ensp;", 0x2002}, {"emsp;", 0x2003}, {"thinsp;", 0x2009}, {"9;", 9}, {"10;", 10}, {"13;", 13},
                  {"32;", 32}, {"160;", 0xa0}, {"12288;", 0x3000}, {"9;", 9}, {"a;", 10}, {"d;", 13}, {"20;", 32}, {"a0;", 0xa0},
                  {"3000;", 0x3000}};
    enum { NAMED = 4, DECIMAL = 10, ALL = 16 };
    Py_ssize_t start = at;
    int escaped = 0, length;
    for (at++; (length = word_at(source, at, "amp;")); at += length) escaped++;
    if (has_capital(source, start, at)) return ASK;
    int first = 0, last = NAMED;
    if (source_at(source, at) == '#') {
        int hexadecimal = word_at(source, at + 1, "x");
        first = hexadecimal ? DECIMAL : NAMED;
        last = hexadecimal ? ALL : DECIMAL;
        for (at += 1 + hexadecimal; source_at(source, at) == '0';) at++;
    }
    for (int blank = first; blank < last; blank++) {
        length = word_at(source, at, blanks[blank].name);
        if (!length) continue;
        if (blank < NAMED && has_capital(source, at, at + length)) return ASK;
        read_space(space, escaped > 1 ? '&' : blanks[blank].code); /* which is unescaped twice */
        return at + length;
    }
    return NO_GAP;
}

/* The end of a line break or tab at a place as JSON writes it. */
static Py_ssize_t escape_end(const Source *source, Py_ssize_t at, Space *space) {
    Py_UCS4 letter = source_at(source, at + 1), next = source_at(source, at + 2);
    if ((letter != 'n' && letter != 'r' && letter != 't') || (next >= 'a' && next <= 'z')) return NO_GAP;
    Py_UCS4 after = source_at(source, at + 4);
    int both = letter == 'r' && next == '\\' && source_at(source, at + 3) == 'n' && !(after >= 'a' && after <= 'z');
    read_space(space, letter == 't' ? '\t' : '\n');
    return at + (both ? 4 : 2);
}

/* The end of a run of white space, tags, entities and escapes, as `noise_at` finds it; NO_GAP if there is none, ASK if Python must be asked. */
static Py_ssize_t gap_end(const Source *source, Py_ssize_t at, Space *space, int *kind) {
    Py_ssize_t start = at, next = NO_GAP;
    int markup = 0, escape = 0;
    do {
        Py_UCS4 code = source->codes[at];
        if ((class_at(source->noise, source->codes, source->length, at) & ~LETTER) == SPACE) {
            read_space(space, code);
            next = at + 1;
        } else {
            next = code == '<' ? markup_end(source, at, space) : code == '&' ? blank_end(source, at, space)
                 : code == '\\' ? escape_end(source, at, space) : NO_GAP;
            if (next == ASK) return ASK;
            if (next) markup |= code != '\\', escape |= code == '\\';
        }
        if (next) at = next;
    } while (next && at < source->length);
    *kind = markup ? MARKUP : escape ? ESCAPED : SPACE - 1;
    return at > start ? at : NO_GAP;
}

/* The end of a character at a place that is written as a number, &#25112; or &#x6218;, and the character; NO_GAP if it is none of those that are
   read as they stand. */
static Py_ssize_t number_end(const Source *source, Py_ssize_t at, int *stand) {
    if (source_at(source, at + 1) != '#') return NO_GAP;
    int hexadecimal = source_at(source, at + 2) == 'x' || source_at(source, at + 2) == 'X', digits = 0;
    int32_t code = 0;
    for (at += 2 + hexadecimal; digits <= 7; at++, digits++) {
        Py_UCS4 digit = source_at(source, at);
        if (digit >= '0' && digit <= '9') code = code * (hexadecimal ? 16 : 10) + (int32_t)digit - '0';
        else if (hexadecimal && (digit | 32) >= 'a' && (digit | 32) <= 'f') code = code * 16 + (int32_t)(digit | 32) - 'a' + 10;
        else break;
    }
    if (digits < 2 || digits > (hexadecimal ? 6 : 7) || source_at(source, at) != ';') return NO_GAP;
    if (code < 0x100 || code > 0xfffd || (code >= 0xd800 && code <= 0xdfff) || (code >= 0xfdd0 && code <= 0xfdef)) return NO_GAP;
    int class = entry(&source->noise->classes, (Py_UCS4)code) & ~LETTER;
    *stand = class == INVISIBLE || class == QUOTE || class == SPACE ? -1 : code;
    return at + 1;
}

/* Asks about the noise at a place: 1 with its end, kind and stand-in (-1 if none), 0 if there is none, -1 for an error. */
static int tell(PyObject *ask, const Py_UCS4 *codes, Py_ssize_t length, Py_ssize_t at, Py_ssize_t written, Py_ssize_t *end, int *kind,
                int *stand) {
    int answer = -1;
    Py_ssize_t near = written < NEAR ? written : NEAR;
    PyObject *stands, *told = NULL, *before = as_text(codes + written - near, near);
    if (before != NULL) told = PyObject_CallFunction(ask, "nO", at, before);
    if (told == Py_None) {
        answer = 0;
    } else if (told != NULL && !PyTuple_Check(told)) {
        PyErr_SetString(PyExc_TypeError, "this is no noise");
    } else if (told != NULL && PyArg_ParseTuple(told, "niU", end, kind, &stands)) {
        Py_ssize_t size = PyUnicode_GetLength(stands);
        if (*end <= at || *end > length || *kind > UINT8_MAX || size > 1) {
            PyErr_SetString(PyExc_ValueError, "this is no noise");
        } else {
            *stand = size == 1 ? (int)PyUnicode_ReadChar(stands, 0) : -1;
            answer = 1;
        }
    }
    Py_XDECREF(before);
    Py_XDECREF(told);
    return answer;
}

/* Moves what is no noise to the front of `codes`, whose length then is the result; -1 for an error. */
static Py_ssize_t leave_out(Py_UCS4 *codes, Py_ssize_t length, const Noise *noise, PyObject *ask, Gaps *gaps) {
    const uint8_t *classes = noise->classes.buf;
    size_t last = (size_t)noise->classes.len - 1;
    const Source source = {codes, length, noise};
    Py_ssize_t at = 0, written = 0;
    while (at < length) {
        Py_ssize_t plain = at;
        while (at < length && !(classes[codes[at] < last ? codes[at] : last] & ~LETTER)) at++;
        if (written < plain) memmove(codes + written, codes + plain, (size_t)(at - plain) * sizeof(Py_UCS4));
        written += at - plain;
        if (at == length) break;
        int class = class_at(noise, codes, length, at) & ~LETTER;
        Py_ssize_t end = at + 1;
        int kind = class - 1, stand = -1, simple = 0;
        if (class && class < SPACE) {
            while ((class_at(noise, codes, length, end) & ~LETTER) == class) end++;
            simple = 1;
        } else if (class == SPACE || codes[at] == '<' || codes[at] == '&' || codes[at] == '\\') {
            Space space = {.indent = -1};
            Py_ssize_t gap = gap_end(&source, at, &space, &kind);
            simple = gap > 0;
            if (simple) end = gap;
            if (simple && space.hard) stand = '\n';
            if (gap == NO_GAP && codes[at] != '&') {
                codes[written++] = codes[at++];
                continue;
            }
            if (gap == NO_GAP && (gap = number_end(&source, at, &stand)) != NO_GAP) {
                simple = 1;
                end = gap;
                kind = MARKUP;
            }
        } else if ((class == BRACKET && !(class_at(noise, codes, length, end) & LETTER)) ||
                   (class == DOUBLE && (end == length || codes[end] != codes[at]))) {
            codes[written++] = codes[at++];
            continue;
        }
        Py_ssize_t read = class == BRACKET ? reading_end(noise, codes, length, at, written) : 0;
        if (read) {
            end = read;
            kind = READING;
        } else if (!simple) {
            int answer = tell(ask, codes, length, at, written, &end, &kind, &stand);
            if (answer < 0) return -1;
            if (!answer || kind < 0) {
                if (!answer) end = at + 1;
                while (at < end) codes[written++] = codes[at++];
                continue;
            }
        }
        if (stand >= 0 && stand != '\n' && codes[at] == '&') kind |= STANDS_FOR;
        if (stand >= 0) codes[written++] = (Py_UCS4)stand;
        if (end > at + (stand >= 0) && !add_gap(gaps, written, end, kind)) {
            PyErr_NoMemory();
            return -1;
        }
        at = end;
    }
    return written;
}

static PyObject *clean(PyObject *self, PyObject *arguments) {
    (void)self;
    Noise noise;
    PyObject *text, *ask, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "Uy*y*y*y*yyO", &text, &noise.classes, &noise.letters, &noise.readings, &noise.folded, &noise.blocks,
                          &noise.inlines, &ask))
        return NULL;
    Py_ssize_t length, written = -1;
    Py_UCS4 *codes = NULL;
    Gaps gaps = {0};
    if (noise.classes.len == 0) {
        PyErr_SetString(PyExc_ValueError, "there are no classes");
    } else if ((codes = code_points(text, &length)) != NULL) {
        written = leave_out(codes, length, &noise, ask, &gaps);
    }
    if (written >= 0) {
        fold_codes(codes, written, &noise.folded);
        size_t size = gaps.length * sizeof(int32_t);
        PyObject *columns = packed(as_bytes(gaps.starts, size), as_bytes(gaps.shifts, size), as_bytes(gaps.kinds, gaps.length));
        PyObject *cleaned = as_text(codes, written);
        if (cleaned && columns) result = PyTuple_Pack(2, cleaned, columns);
        Py_XDECREF(cleaned);
        Py_XDECREF(columns);
    }
    PyMem_Free(codes);
    free(gaps.starts);
    free(gaps.shifts);
    free(gaps.kinds);
    PyBuffer_Release(&noise.classes);
    PyBuffer_Release(&noise.letters);
    PyBuffer_Release(&noise.readings);
    PyBuffer_Release(&noise.folded);
    return result;
}

static int add(Hits *hits, int32_t start, Ending ending) {
    if (hits->length == hits->room) {
        size_t room = hits->room ? 2 * hits->room : 1024;
        int32_t **columns[] = {&hits->start, &hits->end, &hits->form};
        for (int column = 0; column < 3; column++) {
            int32_t *larger = realloc(*columns[column], room * sizeof(int32_t));
            if (larger == NULL) return 0;
            *columns[column] = larger;
        }
        hits->room = room;
    }
    hits->start[hits->length] = start;
    hits->end[hits->length] = ending.end;
    hits->form[hits->length++] = ending.form;
    return 1;
}

/* The state that a class leads to, -1 if there is none. */
static int32_t step(const Trie *trie, int32_t state, uint16_t class) {
    int64_t place = (int64_t)trie->cells[state].base + class;
    return place >= 0 && place < (int64_t)trie->state_count && trie->cells[place].check == state ? (int32_t)place : -1;
}

/* The form that ends at a state, -1 if there is none. */
static int32_t form_at(const Trie *trie, int32_t state) {
    int32_t form = trie->cells[state].form;
    return form < trie->forms ? form : -1;
}

/* Adds the hits at a place, the longest first; `whole` and `broken` have room for trie->longest endings. */
static int walk(const Trie *trie, const uint16_t *classes, int32_t length, int32_t start, Ending *whole, Ending *broken, Hits *hits) {
    int32_t state = 0, at = start, fork = -1, particle = -1;
    int32_t wholes = 0, brokens = 0;
    while (at < length && at - start < trie->longest) {
        if (classes[at] == PARTICLE && particle < 0) { /* only the first may be left out */
            particle = at;
            if (at - start >= PART) fork = state;
        }
        int32_t next = step(trie, state, classes[at]);
        if (next < 0) break;
        state = next;
        at++;
        int32_t form = form_at(trie, state);
        if (form >= 0) whole[wholes++] = (Ending){at, form};
    }
    if (fork >= 0) {
        state = fork;
        at = particle + 1;
        while (at < length && classes[at] != PARTICLE && at - start <= trie->longest) {
            state = step(trie, state, classes[at]);
            if (state < 0) break;
            at++;
            int32_t form = form_at(trie, state);
            if (form >= 0 && at - start > LONG && at - particle > PART) broken[brokens++] = (Ending){at, trie->forms + form};
        }
    }
    while (wholes || brokens) {
        int first = wholes && (!brokens || whole[wholes - 1].end >= broken[brokens - 1].end);
        if (!add(hits, start, first ? whole[--wholes] : broken[--brokens])) return 0;
    }
    return 1;
}

/* Puts the places in `[start, end)` where a form may begin into `places` and returns their number, without a branch that a processor
   would have to guess. Behind the classes of the text there are two more. */
static int32_t begun(const Trie *trie, const uint16_t *classes, int32_t start, int32_t end, int32_t *places) {
    int32_t pairs = 0, count = 0;
    for (int32_t at = start; at < end; at++) {
        size_t pair = ((uint32_t)classes[at] * FIRST + (uint32_t)classes[at + 1] * SECOND) & (trie->pair_bits - 1);
        places[pairs] = at;
        pairs += trie->pairs[pair >> 3] >> (pair & 7) & 1;
    }
    for (int32_t number = 0; number < pairs; number++) {
        int32_t at = places[number];
        uint32_t pair = (uint32_t)classes[at] * FIRST + (uint32_t)classes[at + 1] * SECOND;
        size_t here = (pair + classes[at + 2]) & (trie->beginning_bits - 1), few = pair & (trie->short_bits - 1);
        places[count] = at;
        count += ((trie->beginnings[here >> 3] >> (here & 7)) | (trie->shorts[few >> 3] >> (few & 7))) & 1;
    }
    return count;
}

enum { STRETCH = 4096 }; /* characters that are looked at together */

/* Adds the hits in a text; `endings` has room for twice as many as a form has characters. */
static int search_in(const Trie *trie, const uint16_t *classes, int32_t length, Ending *endings, Hits *hits) {
    int32_t places[STRETCH];
    for (int32_t start = 0; start < length; start += STRETCH) {
        int32_t count = begun(trie, classes, start, length - start < STRETCH ? length : start + STRETCH, places);
        for (int32_t number = 0; number < count; number++) {
            if (!walk(trie, classes, length, places[number], endings, endings + trie->longest + 1, hits)) return 0;
        }
    }
    return 1;
}

static int search(const Trie *trie, const Py_UCS4 *codes, Py_ssize_t length, Hits *hits) {
    uint16_t *classes = malloc(((size_t)length + 2) * sizeof(uint16_t));
    Ending *endings = malloc(2 * ((size_t)trie->longest + 1) * sizeof(Ending));
    int done = 0;
    if (classes != NULL && endings != NULL) {
        size_t last = trie->class_count - 1;
        for (Py_ssize_t at = 0; at < length; at++) classes[at] = trie->classes[codes[at] < last ? codes[at] : last];
        classes[length] = classes[length + 1] = 0;
        done = search_in(trie, classes, (int32_t)length, endings, hits);
    }
    free(classes);
    free(endings);
    return done;
}

/* What a table says of the character at a place of a text; its last entry is for all code points beyond, and for no character at all. */
static uint16_t said(const Py_buffer *table, PyObject *text, Py_ssize_t length, Py_ssize_t at) {
    Py_ssize_t last = table->len / (Py_ssize_t)sizeof(uint16_t) - 1, code = last;
    if (at >= 0 && at < length) code = (Py_ssize_t)PyUnicode_ReadChar(text, at);
    return ((const uint16_t *)table->buf)[code < last ? code : last];
}

static int append(PyObject *list, long number) {
    PyObject *object = PyLong_FromLong(number);
    int failed = object == NULL || PyList_Append(list, object) < 0;
    Py_XDECREF(object);
    return !failed;
}

static PyObject *find(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer classes, cells;
    PyObject *text;
    if (!PyArg_ParseTuple(arguments, "y*y*U", &classes, &cells, &text)) return NULL;
    Trie trie = {.cells = cells.buf, .state_count = (size_t)cells.len / sizeof(Cell), .forms = INT32_MAX};
    Py_ssize_t length = PyUnicode_GetLength(text);
    int32_t state = trie.state_count && classes.len ? 0 : -1;
    for (Py_ssize_t at = 0; state >= 0 && at < length; at++) state = step(&trie, state, said(&classes, text, length, at));
    long number = state < 0 ? -1 : form_at(&trie, state);
    PyBuffer_Release(&classes);
    PyBuffer_Release(&cells);
    return PyLong_FromLong(number);
}

static PyObject *completed(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer classes, cells;
    PyObject *text, *rest, *result = PyList_New(0);
    Py_ssize_t end, reach;
    int forms;
    if (result == NULL || !PyArg_ParseTuple(arguments, "y*y*iUnUn", &classes, &cells, &forms, &text, &end, &rest, &reach)) {
        Py_XDECREF(result);
        return NULL;
    }
    Trie trie = {.cells = cells.buf, .state_count = (size_t)cells.len / sizeof(Cell), .forms = forms};
    Py_ssize_t length = PyUnicode_GetLength(text), more = PyUnicode_GetLength(rest);
    int done = 1;
    if (end < 0 || end > length || reach < 0 || !trie.state_count || !classes.len) {
        PyErr_SetString(PyExc_ValueError, "the place or the tables are not of this text");
        done = 0;
    }
    for (Py_ssize_t start = reach < end ? end - reach : 0; done && start < end; start++) {
        int32_t state = 0;
        for (Py_ssize_t at = start; state >= 0 && at < end; at++) state = step(&trie, state, said(&classes, text, length, at));
        for (Py_ssize_t at = 0; state >= 0 && at < more; at++) state = step(&trie, state, said(&classes, rest, more, at));
        if (state >= 0 && form_at(&trie, state) >= 0) done = append(result, (long)start);
    }
    PyBuffer_Release(&classes);
    PyBuffer_Release(&cells);
    if (!done) Py_CLEAR(result);
    return result;
}

static PyObject *continued(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer classes, cells;
    PyObject *text, *head, *result = PyList_New(0);
    Py_ssize_t start, reach;
    int forms;
    if (result == NULL || !PyArg_ParseTuple(arguments, "y*y*iUUnn", &classes, &cells, &forms, &head, &text, &start, &reach)) {
        Py_XDECREF(result);
        return NULL;
    }
    Trie trie = {.cells = cells.buf, .state_count = (size_t)cells.len / sizeof(Cell), .forms = forms};
    Py_ssize_t length = PyUnicode_GetLength(text), before = PyUnicode_GetLength(head);
    int done = 1;
    if (start < 0 || start > length || reach < 0 || !trie.state_count || !classes.len) {
        PyErr_SetString(PyExc_ValueError, "the place or the tables are not of this text");
        done = 0;
    }
    int32_t state = 0;
    for (Py_ssize_t at = 0; done && state >= 0 && at < before; at++) state = step(&trie, state, said(&classes, head, before, at));
    for (Py_ssize_t at = start; done && state >= 0 && at < length && at - start < reach; at++) {
        state = step(&trie, state, said(&classes, text, length, at));
        if (state >= 0 && form_at(&trie, state) >= 0) done = append(result, (long)at + 1);
    }
    PyBuffer_Release(&classes);
    PyBuffer_Release(&cells);
    if (!done || PyList_Reverse(result) < 0) Py_CLEAR(result);
    return result;
}

/* Whether the columns of hits are of one length, as they must be. */
static int same_length(const Py_buffer *starts, const Py_buffer *ends, const Py_buffer *forms) {
    if (starts->len == ends->len && starts->len == forms->len) return 1;
    PyErr_SetString(PyExc_ValueError, "the columns of hits are not of one length");
    return 0;
}

enum { LEFT = 1, RIGHT = 2, ANYWHERE = 4, BRACKETS = 8, LISTED = 16, MEMBER = 12, UNKNOWN = 2, WORD = 6 }; /* as in coordination.py */

/* A text that is walked through with a trie. */
typedef struct {
    const Trie *trie;
    const Py_buffer *classes;
    PyObject *text;
    Py_ssize_t length;
} Path;

static Py_UCS4 code_at(const Path *path, Py_ssize_t at) { return at >= 0 && at < path->length ? PyUnicode_ReadChar(path->text, at) : 0; }

/* The state behind `text[start:end]`, -1 if there is none. */
static int32_t state_behind(const Path *path, int32_t state, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t at = start; state >= 0 && at < end; at++) {
        state = step(path->trie, state, said(path->classes, path->text, path->length, at));
    }
    return state;
}

static int is_form(const Path *path, int32_t state) { return state >= 0 && form_at(path->trie, state) >= 0; }

/* Whether a character is one of 、和与及跟暨或, and whether it is any other Chinese character. */
static int is_joint(Py_UCS4 code) {
    return code == 0x3001 || code == 0x548c || code == 0x4e0e || code == 0x53ca || code == 0x8ddf || code == 0x66a8 || code == 0x6216;
}

static int is_chinese(Py_UCS4 code) { return code >= 0x4e00 && code <= 0x9fff; }

static int is_word(Py_UCS4 code) { return is_chinese(code) && !is_joint(code); }

/* The length of the joint that begins or ends at a place: 2 for 以及, 0 for none. */
static int joint_at(const Path *path, Py_ssize_t at) {
    Py_UCS4 code = code_at(path, at);
    return is_joint(code) ? 1 : code == 0x4ee5 && code_at(path, at + 1) == 0x53ca ? 2 : 0;
}

static int joint_before(const Path *path, Py_ssize_t at) {
    Py_UCS4 code = code_at(path, at - 1);
    return !is_joint(code) ? 0 : code == 0x53ca && code_at(path, at - 2) == 0x4ee5 ? 2 : 1;
}

static PyObject *bridged(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer classes, cells;
    PyObject *text, *result = NULL;
    Py_ssize_t left, right, reach;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUnnn", &classes, &cells, &forms, &text, &left, &right, &reach)) return NULL;
    Trie trie = {.cells = cells.buf, .state_count = (size_t)cells.len / sizeof(Cell), .forms = forms};
    Path path = {&trie, &classes, text, PyUnicode_GetLength(text)};
    if (left < 0 || right < left || right > path.length || reach < 0 || !trie.state_count || !classes.len) {
        PyErr_SetString(PyExc_ValueError, "the places or the tables are not of this text");
    } else if ((result = PyList_New(0)) != NULL) {
        int done = 1;
        for (Py_ssize_t start = left - 1; done && left - start <= reach && is_chinese(code_at(&path, start)); start--) {
            int32_t state = state_behind(&path, 0, start, left);
            for (Py_ssize_t at = right; done && state >= 0 && at - right < reach && is_chinese(code_at(&path, at)); at++) {
                state = state_behind(&path, state, at, at + 1);
                if (!is_form(&path, state)) continue;
                PyObject *span = Py_BuildValue("(nn)", start, at + 1);
                done = span != NULL && PyList_Append(result, span) == 0;
                Py_XDECREF(span);
            }
        }
        if (!done) Py_CLEAR(result);
    }
    PyBuffer_Release(&classes);
    PyBuffer_Release(&cells);
    return result;
}

/* Whether a text before `place` makes a form with an end of the form at `[start, end)` that has `least` characters or more. */
static int makes_form(const Path *path, Py_ssize_t place, Py_ssize_t start, Py_ssize_t end, Py_ssize_t least) {
    for (Py_ssize_t first = place > MEMBER ? place - MEMBER : 0; first < place; first++) {
        int32_t state = state_behind(path, 0, first, place);
        for (Py_ssize_t tail = end - least; state >= 0 && tail > start; tail--) {
            if (is_form(path, state_behind(path, state, tail, end))) return 1;
        }
    }
    return 0;
}

/* Whether a series may end with the form at `[start, end)`: a member, behind few unknown ones, makes a form with its end. */
static int may_close(const Path *path, Py_ssize_t start, Py_ssize_t end, int least, int anywhere) {
    Py_ssize_t at = start;
    for (int unknown = 0; least && unknown <= UNKNOWN; unknown++) {
        int joint = joint_before(path, at);
        if (joint && makes_form(path, at - joint, start, end, least)) return 1;
        if (anywhere && makes_form(path, at, start, end, least)) return 1;
        if (anywhere && code_at(path, at - 1) == ',' && makes_form(path, at - 1, start, end, least)) return 1;
        Py_ssize_t last = at - joint;
        at = last;
        while (last - at <= WORD && is_word(code_at(path, at - 1))) at--;
        if (!joint || last - at < (joint == 2 ? 1 : 2) || !is_joint(code_at(path, at - 1))) return 0;
    }
    return 0;
}

/* Whether the text from `place` on makes a form of `least` characters or more behind a state; with `whole`, the state behind a form that
   the text goes on from, only where that form and the end of the text make one too. */
static int goes_on(const Path *path, int32_t state, Py_ssize_t place, int least, int32_t whole) {
    for (Py_ssize_t at = place; state >= 0 && at < path->length && at - place < MEMBER; at++) {
        if (whole >= 0 && !is_word(code_at(path, at)) && !is_joint(code_at(path, at))) return 0;
        state = state_behind(path, state, at, at + 1);
        if (at + 1 - place < least || !is_form(path, state)) continue;
        if (whole < 0) return 1;
        for (Py_ssize_t head = place + 1; head < at; head++) {
            if (is_form(path, state_behind(path, whole, head, at + 1))) return 1;
        }
    }
    return 0;
}

/* Whether a series may begin with the form at `[start, end)`, of which others share `least` characters or more. */
static int may_open(const Path *path, Py_ssize_t start, Py_ssize_t end, int least, int anywhere) {
    int joint = joint_at(path, end), comma = anywhere && code_at(path, end) == ',';
    if (!joint && !anywhere) return 0;
    int32_t state = 0, whole = state_behind(path, 0, start, end);
    for (Py_ssize_t at = start; state >= 0 && at + 1 < end; at++) {
        state = state_behind(path, state, at, at + 1);
        if (least && at + 1 - start >= least) {
            if (joint && goes_on(path, state, end + joint, 2, -1)) return 1;
            if (anywhere && goes_on(path, state, end, 2, -1)) return 1;
            if (comma && goes_on(path, state, end + 1, 2, -1)) return 1;
        }
        if (joint && whole >= 0 && at + 1 - start >= 2 && goes_on(path, state, end + joint, 3, whole)) return 1;
    }
    return 0;
}

/* Whether members may stand before the sign at `[start, end)`, which is 等 or 大 and what they share. */
static int may_list(const Path *path, Py_ssize_t start, Py_ssize_t end) {
    Py_ssize_t reach = code_at(path, start) == 0x5927 ? 2 : 0; /* before 大 stand a numeral and, it may be, 等 */
    for (Py_ssize_t place = start - reach; place <= start; place++) {
        if (place > 0 && makes_form(path, place, start, end, end - start - 1)) return 1;
    }
    return 0;
}

static PyObject *joinable(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer buffers[9]; /* classes, cells, starts, ends, forms, places, whys, tails, heads */
    PyObject *text, *result = NULL;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUy*y*y*y*y*y*y*", &buffers[0], &buffers[1], &forms, &text, &buffers[2], &buffers[3], &buffers[4],
                          &buffers[5], &buffers[6], &buffers[7], &buffers[8]))
        return NULL;
    Trie trie = {.cells = buffers[1].buf, .state_count = (size_t)buffers[1].len / sizeof(Cell), .forms = forms};
    Path path = {&trie, &buffers[0], text, PyUnicode_GetLength(text)};
    const int32_t *starts = buffers[2].buf, *ends = buffers[3].buf, *numbers = buffers[4].buf, *places = buffers[5].buf;
    const uint8_t *tails = buffers[7].buf, *heads = buffers[8].buf;
    size_t count = ints(&buffers[2]);
    if (!trie.state_count || !buffers[0].len || buffers[5].len != buffers[6].len || buffers[7].len != buffers[8].len) {
        PyErr_SetString(PyExc_ValueError, "the tables are not of these hits");
    } else if (same_length(&buffers[2], &buffers[3], &buffers[4]) && (result = PyList_New(0)) != NULL) {
        int done = 1;
        for (size_t at = 0; done && at < ints(&buffers[5]); at++) {
            int32_t hit = places[at], why = ((const int32_t *)buffers[6].buf)[at];
            if (why == LISTED && hit >= 0 && (size_t)hit < count) {
                why = may_list(&path, starts[hit], ends[hit]) ? LISTED : 0;
            } else if (hit >= 0 && (size_t)hit < count && numbers[hit] >= 0 && numbers[hit] < buffers[7].len) { /* no 的 stands in it */
                int anywhere = why & ANYWHERE, tail = tails[numbers[hit]], head = heads[numbers[hit]];
                int left = why & (LEFT | ANYWHERE) && may_close(&path, starts[hit], ends[hit], tail, anywhere);
                int right = why & (RIGHT | ANYWHERE) && may_open(&path, starts[hit], ends[hit], head, anywhere);
                why = (why & BRACKETS) | (left ? LEFT : 0) | (right ? RIGHT : 0);
            }
            done = append(result, why);
        }
        if (!done) Py_CLEAR(result);
    }
    for (int buffer = 0; buffer < 9; buffer++) PyBuffer_Release(&buffers[buffer]);
    return result;
}

enum { FILLER = 1, VERB = 2, ADVERB = 4, REACH = 24 }; /* as in context.py */

/* The role of the word that ends at a state of the trie of words. */
static int role_at(const Path *path, int32_t state, const Py_buffer *roles) {
    int32_t word = state >= 0 ? form_at(path->trie, state) : -1;
    return word >= 0 && word < roles->len ? ((const uint8_t *)roles->buf)[word] : 0;
}

/* The verbs before `place`, as Context.verb_before tells: their start, and their end in `end`. Words are walked through from their last
   character on. */
static Py_ssize_t verbs_before(const Path *path, const Py_buffer *roles, Py_ssize_t place, Py_ssize_t *end) {
    uint8_t behind[REACH + 1] = {1}, verb_end[REACH + 1] = {0}; /* by the distance from the place; an end is told by its distance plus 1 */
    int longest = 0;
    for (int at = 0; at < REACH; at++) {
        int32_t state = behind[at] || verb_end[at] ? 0 : -1;
        for (int start = at + 1; state >= 0 && start <= REACH && start <= place; start++) {
            state = state_behind(path, state, place - start, place - start + 1);
            int role = role_at(path, state, roles), ending = 0;
            if (behind[at] && role & FILLER) behind[start] = 1;
            if (verb_end[at] && role & (VERB | ADVERB)) ending = verb_end[at];
            if (behind[at] && role & VERB && (!ending || at + 1 < ending)) ending = at + 1;
            if (ending && (!verb_end[start] || ending < verb_end[start])) verb_end[start] = (uint8_t)ending;
            if (verb_end[start] && start > longest) longest = start;
        }
    }
    *end = longest ? place - verb_end[longest] + 1 : place;
    return place - longest;
}

static PyObject *verbs(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer classes, cells, roles, places;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*Uy*", &classes, &cells, &roles, &text, &places)) return NULL;
    Trie trie = {.cells = cells.buf, .state_count = (size_t)cells.len / sizeof(Cell), .forms = INT32_MAX};
    Path path = {&trie, &classes, text, PyUnicode_GetLength(text)};
    if (!trie.state_count || !classes.len) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of words");
    } else if ((result = PyList_New(0)) != NULL) {
        int done = 1;
        for (size_t at = 0; done && at < ints(&places); at++) {
            Py_ssize_t place = ((const int32_t *)places.buf)[at], end;
            if (place < 0 || place > path.length) {
                PyErr_SetString(PyExc_ValueError, "the place is not of this text");
                done = 0;
            } else {
                Py_ssize_t start = verbs_before(&path, &roles, place, &end);
                PyObject *verb = PyUnicode_Substring(text, start, end);
                done = verb != NULL && PyList_Append(result, verb) == 0;
                Py_XDECREF(verb);
            }
        }
        if (!done) Py_CLEAR(result);
    }
    PyBuffer_Release(&classes);
    PyBuffer_Release(&cells);
    PyBuffer_Release(&roles);
    PyBuffer_Release(&places);
    return result;
}

enum { BEFORE, AFTER, CLAUSE, SENTENCE, OTHERWISE, AROUND = 200, UNDECIDED = -1, OPEN = -2 }; /* as in senses.py */

/* A list of rules in a table of C ints: their number, then for each where its cues are sought, their number, and for each cue its length and
   code points. Reading beyond the table ends in zeros. */
typedef struct {
    const int32_t *table;
    size_t size, at;
} Rules;

static int32_t next_number(Rules *rules) { return rules->at < rules->size ? rules->table[rules->at++] : 0; }

/* Whether a cue stands at a place of the text. */
static int stands_at(const Path *path, const Rules *cue, int32_t length, Py_ssize_t place) {
    if (place < 0 || place + length > path->length) return 0;
    for (int32_t at = 0; at < length; at++) {
        if (code_at(path, place + at) != (Py_UCS4)cue->table[cue->at + (size_t)at]) return 0;
    }
    return 1;
}

static int stands_in(const Path *path, const Rules *cue, int32_t length, Py_ssize_t start, Py_ssize_t end) {
    for (; start + length <= end; start++) {
        if (stands_at(path, cue, length, start)) return 1;
    }
    return 0;
}

/* Whether a clause, or a sentence, ends with a character. */
static int is_end(Py_UCS4 code, int where) {
    int sentence = code == ';' || code == 0x3002 || code == 0xff01 || code == 0xff1f || code == '!' || code == '?' || code == '\n';
    return sentence || (where == CLAUSE && (code == ',' || code == ':'));
}

/* The first rule that holds for the text at `[start, end)` and its cue, as one number; UNDECIDED if none does, OPEN if Python must be asked. */
static long decision(const Path *path, Rules *rules, Py_ssize_t start, Py_ssize_t end) {
    int32_t count = next_number(rules);
    for (int32_t rule = 0; rule < count && rules->at < rules->size; rule++) {
        int32_t where = next_number(rules), cues = next_number(rules);
        if (where == OTHERWISE) return (long)rule << 16;
        if (where < BEFORE || where > OTHERWISE) return OPEN;
        Py_ssize_t first = start, last = end;
        if (where == CLAUSE || where == SENTENCE) {
            while (first > 0 && start - first < AROUND && !is_end(code_at(path, first - 1), where)) first--;
            while (last < path->length && last - end < AROUND && !is_end(code_at(path, last), where)) last++;
        }
        for (int32_t cue = 0; cue < cues && rules->at < rules->size; cue++) {
            int32_t length = next_number(rules);
            if (length < 0 || (size_t)length > rules->size - rules->at) return UNDECIDED; /* the table is damaged */
            int found = where == BEFORE  ? stands_at(path, rules, length, start - length)
                        : where == AFTER ? stands_at(path, rules, length, end)
                                         : stands_in(path, rules, length, first, start) || stands_in(path, rules, length, end, last);
            if (found) return (long)rule << 16 | (cue & 0xffff);
            rules->at += (size_t)length;
        }
    }
    return UNDECIDED;
}

static PyObject *decided(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer buffers[6]; /* rules, lists, starts, ends, forms, hits */
    PyObject *text;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUy*y*y*y*", &buffers[0], &buffers[1], &forms, &text, &buffers[2], &buffers[3], &buffers[4],
                          &buffers[5]))
        return NULL;
    Path path = {NULL, NULL, text, PyUnicode_GetLength(text)};
    const int32_t *lists = buffers[1].buf, *starts = buffers[2].buf, *ends = buffers[3].buf, *numbers = buffers[4].buf;
    PyObject *hits = PyList_New(0), *codes = PyList_New(0), *result = NULL;
    int done = hits && codes && same_length(&buffers[2], &buffers[3], &buffers[4]);
    for (size_t at = 0; done && at < ints(&buffers[5]); at++) {
        int32_t hit = ((const int32_t *)buffers[5].buf)[at];
        if (hit < 0 || (size_t)hit >= ints(&buffers[2]) || numbers[hit] < 0 || forms <= 0) continue;
        size_t form = (size_t)(numbers[hit] % forms);
        if (form >= ints(&buffers[1]) || lists[form] <= 0 || starts[hit] < 0 || ends[hit] < 0) continue;
        Rules rules = {buffers[0].buf, ints(&buffers[0]), (size_t)lists[form]};
        long code = decision(&path, &rules, starts[hit], ends[hit]);
        if (code != UNDECIDED) done = append(hits, hit) && append(codes, code);
    }
    if (done) result = PyTuple_Pack(2, hits, codes);
    Py_XDECREF(hits);
    Py_XDECREF(codes);
    for (int buffer = 0; buffer < 6; buffer++) PyBuffer_Release(&buffers[buffer]);
    return result;
}

static int is_power(size_t number) { return number && !(number & (number - 1)); } /* of two */

static PyObject *scan(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer tables[5]; /* classes, cells, pairs, beginnings, short */
    int forms, longest;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*iiU", &tables[0], &tables[1], &tables[2], &tables[3], &tables[4], &forms, &longest, &text))
        return NULL;
    Trie trie = {
        .classes = tables[0].buf, .cells = tables[1].buf, .pairs = tables[2].buf, .beginnings = tables[3].buf, .shorts = tables[4].buf,
        .class_count = (size_t)tables[0].len / sizeof(uint16_t), .state_count = (size_t)tables[1].len / sizeof(Cell),
        .pair_bits = 8 * (size_t)tables[2].len, .beginning_bits = 8 * (size_t)tables[3].len, .short_bits = 8 * (size_t)tables[4].len,
        .forms = forms, .longest = longest,
    };
    Hits hits = {0};
    Py_ssize_t length;
    Py_UCS4 *codes = NULL;
    if (!trie.class_count || !trie.state_count || !is_power(trie.pair_bits) || !is_power(trie.beginning_bits) ||
        !is_power(trie.short_bits) || longest < 0 ||
        longest > INT32_MAX / 4 || forms < 0 || forms > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of a trie");
    } else if ((codes = code_points(text, &length)) != NULL) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = search(&trie, codes, length, &hits);
        Py_END_ALLOW_THREADS
        if (done) {
            size_t size = hits.length * sizeof(int32_t);
            result = packed(as_bytes(hits.start, size), as_bytes(hits.end, size), as_bytes(hits.form, size));
        } else {
            PyErr_NoMemory();
        }
    }
    PyMem_Free(codes);
    free(hits.start);
    free(hits.end);
    free(hits.form);
    for (int table = 0; table < 5; table++) PyBuffer_Release(&tables[table]);
    return result;
}

static PyObject *asked(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer starts, ends, forms, rules, before, after;
    PyObject *text;
    if (!PyArg_ParseTuple(arguments, "Uy*y*y*y*y*y*", &text, &starts, &ends, &forms, &rules, &before, &after)) return NULL;
    PyObject *hits = PyList_New(0), *whys = PyList_New(0), *result = NULL;
    int done = hits && whys && same_length(&starts, &ends, &forms);
    if (done && (before.len < (Py_ssize_t)sizeof(uint16_t) || after.len < (Py_ssize_t)sizeof(uint16_t))) {
        PyErr_SetString(PyExc_ValueError, "there is no table");
        done = 0;
    }
    Py_ssize_t length = PyUnicode_GetLength(text), count = rules.len / (Py_ssize_t)sizeof(uint16_t);
    for (size_t at = 0; done && at < ints(&starts); at++) {
        int32_t form = ((const int32_t *)forms.buf)[at];
        uint16_t rule = form >= 0 && form < count ? ((const uint16_t *)rules.buf)[form] : 0;
        if (!rule) continue;
        rule &= said(&before, text, length, ((const int32_t *)starts.buf)[at] - 1) | said(&after, text, length, ((const int32_t *)ends.buf)[at]);
        if (rule) done = append(hits, (long)at) && append(whys, rule);
    }
    if (done) result = PyTuple_Pack(2, hits, whys);
    Py_XDECREF(hits);
    Py_XDECREF(whys);
    Py_buffer *buffers[] = {&starts, &ends, &forms, &rules, &before, &after};
    for (int buffer = 0; buffer < 6; buffer++) PyBuffer_Release(buffers[buffer]);
    return result;
}

static PyObject *longest(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer starts, ends, forms, owners, told, terms;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*", &starts, &ends, &forms, &owners, &told, &terms)) return NULL;
    size_t count = ints(&starts);
    int32_t *winners = malloc((count + 1) * sizeof(int32_t)), *owner = malloc((count + 1) * sizeof(int32_t));
    PyObject *result = NULL;
    if (winners == NULL || owner == NULL) {
        PyErr_NoMemory();
    } else if (told.len != terms.len) {
        PyErr_SetString(PyExc_ValueError, "there is not one term for each hit");
    } else if (same_length(&starts, &ends, &forms)) {
        for (size_t at = 0; at < count; at++) {
            int32_t form = ((const int32_t *)forms.buf)[at];
            owner[at] = form >= 0 && (size_t)form < ints(&owners) ? ((const int32_t *)owners.buf)[form] : -1;
        }
        for (size_t at = 0; at < ints(&told); at++) {
            int32_t hit = ((const int32_t *)told.buf)[at];
            if (hit >= 0 && (size_t)hit < count) owner[hit] = ((const int32_t *)terms.buf)[at];
        }
        int32_t end = INT32_MIN, winner = -1;
        for (size_t at = 0; at < count; at++) {
            winners[at] = -1;
            if (owner[at] < 0) continue;
            if (((const int32_t *)starts.buf)[at] >= end) {
                end = ((const int32_t *)ends.buf)[at];
                winner = winners[at] = (int32_t)at;
            } else if (owner[at] != owner[winner]) {
                winners[at] = winner;
            }
        }
        result = as_bytes(winners, count * sizeof(int32_t));
    }
    free(winners);
    free(owner);
    Py_buffer *buffers[] = {&starts, &ends, &forms, &owners, &told, &terms};
    for (int buffer = 0; buffer < 6; buffer++) PyBuffer_Release(buffers[buffer]);
    return result;
}

static PyObject *adjoining(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer starts, ends, forms, winners;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*", &starts, &ends, &forms, &winners)) return NULL;
    PyObject *found = PyList_New(0);
    int done = found && same_length(&starts, &ends, &forms) && same_length(&starts, &ends, &winners);
    int32_t end = -1;
    for (size_t at = 0; done && at < ints(&starts); at++) {
        int32_t winner = ((const int32_t *)winners.buf)[at];
        if (winner < 0 || (size_t)winner != at) continue;
        if (((const int32_t *)starts.buf)[at] == end) done = append(found, (long)at);
        end = ((const int32_t *)ends.buf)[at];
    }
    Py_buffer *buffers[] = {&starts, &ends, &forms, &winners};
    for (int buffer = 0; buffer < 4; buffer++) PyBuffer_Release(buffers[buffer]);
    if (!done) Py_CLEAR(found);
    return found;
}

static PyObject *mended(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer starts, ends, gap_starts, gap_shifts, gap_kinds, marks;
    PyObject *original, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "Uy*y*y*y*y*y*", &original, &starts, &ends, &gap_starts, &gap_shifts, &gap_kinds, &marks)) return NULL;
    size_t count = ints(&starts), gaps = ints(&gap_starts), gap = 0;
    const int32_t *places = gap_starts.buf, *shifts = gap_shifts.buf;
    Py_ssize_t length;
    Py_UCS4 *codes = code_points(original, &length);
    uint16_t *bits = calloc(count + 1, sizeof(uint16_t));
    if (bits == NULL) {
        PyErr_NoMemory();
    } else if (codes == NULL) {
    } else if (starts.len != ends.len || gap_starts.len != gap_shifts.len || (size_t)gap_kinds.len != gaps) {
        PyErr_SetString(PyExc_ValueError, "the columns are not of one length");
    } else {
        Py_BEGIN_ALLOW_THREADS
        for (size_t hit = 0; hit < count; hit++) {
            int32_t start = ((const int32_t *)starts.buf)[hit], end = ((const int32_t *)ends.buf)[hit];
            while (gap < gaps && places[gap] <= start) gap++;
            size_t next = gap;
            for (int64_t at = start; at < end && at < length; at++) { /* no text is longer than its original */
                for (; next < gaps && places[next] <= at; next++) bits[hit] |= (uint16_t)(1u << (((const uint8_t *)gap_kinds.buf)[next] & 15));
                int64_t place = at + (next ? shifts[next - 1] : 0);
                if (place < 0 || place >= length || codes[place] >= (size_t)marks.len) continue;
                int mark = ((const uint8_t *)marks.buf)[codes[place]];
                if (mark) bits[hit] |= (uint16_t)(1u << ((mark + FOLDED - 1) & 15));
            }
        }
        Py_END_ALLOW_THREADS
        result = as_bytes(bits, count * sizeof(uint16_t));
    }
    PyMem_Free(codes);
    free(bits);
    Py_buffer *buffers[] = {&starts, &ends, &gap_starts, &gap_shifts, &gap_kinds, &marks};
    for (int buffer = 0; buffer < 6; buffer++) PyBuffer_Release(buffers[buffer]);
    return result;
}

static PyObject *coded(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer ends, forms, winners, mended;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*", &ends, &forms, &winners, &mended)) return NULL;
    PyObject *codes = PyList_New(0);
    int done = codes && same_length(&ends, &forms, &winners) && (size_t)mended.len / sizeof(uint16_t) == ints(&ends);
    const int32_t *end = ends.buf;
    for (size_t at = 0; done && at < ints(&ends); at++) {
        int32_t winner = ((const int32_t *)winners.buf)[at];
        if (winner < 0 || (size_t)winner >= ints(&ends)) continue;
        long state = (size_t)winner == at ? 0 : end[at] <= end[winner] ? 1 : 2;
        done = append(codes, (((const int32_t *)forms.buf)[at] * 3L + state) * REPAIRS + (((const uint16_t *)mended.buf)[at] & (REPAIRS - 1)));
    }
    Py_buffer *buffers[] = {&ends, &forms, &winners, &mended};
    for (int buffer = 0; buffer < 4; buffer++) PyBuffer_Release(buffers[buffer]);
    if (!done) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "the columns are not of one length");
        Py_CLEAR(codes);
    }
    return codes;
}

static PyMethodDef methods[] = {
    {"adjoining", adjoining, METH_VARARGS, "adjoining(starts, ends, forms, winners) -> hits"},
    {"asked", asked, METH_VARARGS, "asked(text, starts, ends, forms, rules, before, after) -> (hits, whys)"},
    {"bridged", bridged, METH_VARARGS, "bridged(classes, cells, forms, text, left, right, reach) -> spans"},
    {"clean", clean, METH_VARARGS, "clean(text, classes, letters, readings, folded, blocks, inlines, ask) -> (text, (starts, shifts, kinds))"},
    {"coded", coded, METH_VARARGS, "coded(ends, forms, winners, mended) -> codes"},
    {"completed", completed, METH_VARARGS, "completed(classes, cells, text, end, rest, reach) -> starts"},
    {"continued", continued, METH_VARARGS, "continued(classes, cells, head, text, start, reach) -> ends"},
    {"joinable", joinable, METH_VARARGS, "joinable(classes, cells, forms, text, starts, ends, numbers, places, whys, tails, heads) -> whys"},
    {"decided", decided, METH_VARARGS, "decided(rules, lists, forms, text, starts, ends, numbers, hits) -> (hits, codes)"},
    {"find", find, METH_VARARGS, "find(classes, cells, text) -> number"},
    {"fold", fold, METH_VARARGS, "fold(table, text) -> str"},
    {"longest", longest, METH_VARARGS, "longest(starts, ends, forms, owners, told, terms) -> winners"},
    {"mended", mended, METH_VARARGS, "mended(original, starts, ends, gap_starts, gap_shifts, gap_kinds, marks) -> kinds of repairs"},
    {"total", total, METH_VARARGS, "total(weights, text) -> int"},
    {"utf8_end", utf8_end, METH_VARARGS, "utf8_end(data) -> place"},
    {"verbs", verbs, METH_VARARGS, "verbs(classes, cells, roles, text, places) -> the verbs before the places"},
    {"scan", scan, METH_VARARGS, "scan(classes, cells, pairs, beginnings, short, forms, longest, text) -> (starts, ends, numbers)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The loops of envterms.engine in C.", .m_size = 0, .m_methods = methods,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
