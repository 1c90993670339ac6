/* Leaves the noise out of a text and folds it: see cleaning.py. */

#include "engine.h"

enum { INVISIBLE = 1, QUOTE, SPACE, COMPLEX, BRACKET, DOUBLE, LETTER = 0x80, NEAR = 40 }; /* as in cleaning.py */
enum { IGNORED = 1, BLANK, SYLLABLE = 6, READING = 3, MARKUP = 5, ESCAPED, STANDS_FOR = 0x80 };
enum { NAME = 16, ATTRIBUTES = 400, SCRIPT = 20000, COMMENT = 4000 }; /* a name is not longer; as in noise.py */
enum { NO_GAP = 0, GAP = 1, ASK = -1 };

/* Noise of cleaning.py. */
typedef struct {
    Py_buffer classes, letters, readings, folded;
    const char *blocks, *inlines;
} Noise;

/* A text whose noise is looked at; behind it stand zeros. */
typedef struct {
    const Py_UCS4 *codes;
    Py_ssize_t length;
    const Noise *noise;
} Source;

/* What is left out at a place up to `end`; `stand` is the character that stands for it, -1 if there is none. */
typedef struct {
    Py_ssize_t end;
    int kind, stand;
} Gap;

/* What is left out of a text, in three columns; `length` and `room` count gaps. */
typedef struct {
    int32_t *starts, *shifts;
    uint8_t *kinds;
    size_t length, room;
} Gaps;

/* An entry of a table of bytes by code point, the last one for all code points beyond it. */
static int entry(const Py_buffer *table, Py_UCS4 code) {
    Py_ssize_t last = table->len - 1;
    return ((const uint8_t *)table->buf)[(Py_ssize_t)code < last ? (Py_ssize_t)code : last];
}

static Py_UCS4 code_at(const Source *source, Py_ssize_t at) { return at < source->length ? source->codes[at] : 0; }

/* The class of the character at a place, and whether it is a letter; neither behind the text. */
static int class_at(const Source *source, Py_ssize_t at) {
    return at < source->length ? entry(&source->noise->classes, source->codes[at]) & ~LETTER : 0;
}

static int is_letter(const Source *source, Py_ssize_t at) {
    return at < source->length && entry(&source->noise->classes, source->codes[at]) & LETTER;
}

/* The end of a bracket at a place that holds the reading of the last of `written` characters; 0 if Python must be asked. */
static Py_ssize_t reading_end(const Source *source, Py_ssize_t at, Py_ssize_t written) {
    const Noise *noise = source->noise;
    const Py_UCS4 *codes = source->codes;
    if (!written || !noise->letters.len || entry(&noise->letters, codes[written - 1]) == BLANK) return 0;
    uint64_t key = 0;
    int letters = 0, begun = 0, ended = 0;
    Py_ssize_t end = at + 1;
    for (; end - at <= NEAR && is_letter(source, end); end++) {
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
    if (!letters || (code_at(source, end) != ')' && code_at(source, end) != 0xff09)) return 0;
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

/* The length of a word of ASCII letters at a place, whatever their case; 0 if it does not stand there. */
static int word_at(const Source *source, Py_ssize_t at, const char *word) {
    int length = 0;
    for (; word[length]; length++) {
        Py_UCS4 code = code_at(source, at + length);
        if ((code >= 'A' && code <= 'Z' ? code + 32 : code) != (Py_UCS4)word[length]) return 0;
    }
    return length;
}

/* Whether the text at `[start, end)`, whatever the case of its letters, is one of the names in a list, each of which has a blank on both
   sides. */
static int is_listed(const Source *source, Py_ssize_t start, Py_ssize_t end, const char *list) {
    char name[NAME + 3] = " ";
    if (start == end || end - start > NAME) return 0;
    for (Py_ssize_t at = start; at < end; at++) {
        Py_UCS4 code = code_at(source, at);
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
    return code_at(source, at) == '>' && at - first <= ATTRIBUTES ? at + 1 : NO_GAP;
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
    if (code_at(source, at + 1) == '!') return comment_end(source, at);
    int closing = code_at(source, at + 1) == '/';
    Py_ssize_t name = at + 1 + closing, end = name;
    while (is_ascii_word(code_at(source, end))) end++;
    int block = is_listed(source, name, end, source->noise->blocks);
    int known = block || is_listed(source, name, end, source->noise->inlines);
    if (!known && code_at(source, end) == ':') { /* <o:p> */
        for (end++; is_ascii_word(code_at(source, end));) end++;
        if (!is_listed(source, name, end, source->noise->inlines)) return ASK;
        known = 1;
    }
    if (code_at(source, end) >= 0x80) return ASK;
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
    while (start < end && !(code_at(source, start) >= 'A' && code_at(source, start) <= 'Z')) start++;
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
    if (code_at(source, at) == '#') {
        int hexadecimal = word_at(source, at + 1, "x");
        first = hexadecimal ? DECIMAL : NAMED;
        last = hexadecimal ? ALL : DECIMAL;
        for (at += 1 + hexadecimal; code_at(source, at) == '0';) at++;
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
    Py_UCS4 letter = code_at(source, at + 1), next = code_at(source, at + 2);
    if ((letter != 'n' && letter != 'r' && letter != 't') || (next >= 'a' && next <= 'z')) return NO_GAP;
    Py_UCS4 after = code_at(source, at + 4);
    int both = letter == 'r' && next == '\\' && code_at(source, at + 3) == 'n' && !(after >= 'a' && after <= 'z');
    read_space(space, letter == 't' ? '\t' : '\n');
    return at + (both ? 4 : 2);
}

/* The end of a run of white space, tags, entities and escapes, as `noise_at` finds it; NO_GAP if there is none, ASK if Python must be
   asked. */
static Py_ssize_t gap_end(const Source *source, Py_ssize_t at, Space *space, int *kind) {
    Py_ssize_t start = at, next = NO_GAP;
    int markup = 0, escape = 0;
    do {
        Py_UCS4 code = source->codes[at];
        if (class_at(source, at) == SPACE) {
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

/* The end of a character at a place that is written as a number, &#25112; or &#x6218;, and the character; NO_GAP if it is none of those
   that are read as they stand. */
static Py_ssize_t number_end(const Source *source, Py_ssize_t at, int *stand) {
    if (code_at(source, at + 1) != '#') return NO_GAP;
    int hexadecimal = code_at(source, at + 2) == 'x' || code_at(source, at + 2) == 'X', digits = 0;
    uint32_t code = 0; /* of eight hexadecimal digits too, of which there is no character */
    for (at += 2 + hexadecimal; digits <= 7; at++, digits++) {
        Py_UCS4 digit = code_at(source, at);
        if (digit >= '0' && digit <= '9') code = code * (hexadecimal ? 16 : 10) + digit - '0';
        else if (hexadecimal && (digit | 32) >= 'a' && (digit | 32) <= 'f') code = code * 16 + (digit | 32) - 'a' + 10;
        else break;
    }
    if (digits < 2 || digits > (hexadecimal ? 6 : 7) || code_at(source, at) != ';') return NO_GAP;
    if (code < 0x100 || code > 0xfffd || (code >= 0xd800 && code <= 0xdfff) || (code >= 0xfdd0 && code <= 0xfdef)) return NO_GAP;
    int class = entry(&source->noise->classes, code) & ~LETTER;
    *stand = class == INVISIBLE || class == QUOTE || class == SPACE ? -1 : (int)code;
    return at + 1;
}

/* What the engine knows by itself of the noise at a place: GAP with its end, kind and stand-in, NO_GAP if there is none, or ASK. */
static int known_gap(const Source *source, Py_ssize_t at, Py_ssize_t written, Gap *gap) {
    Py_UCS4 code = source->codes[at];
    int class = class_at(source, at);
    *gap = (Gap){at + 1, class - 1, -1};
    if (class && class < SPACE) {
        while (class_at(source, gap->end) == class) gap->end++;
        return GAP;
    }
    if (class == SPACE || code == '<' || code == '&' || code == '\\') {
        Space space = {.indent = -1};
        Py_ssize_t end = gap_end(source, at, &space, &gap->kind);
        if (end > 0 && space.hard) gap->stand = '\n';
        if (end == NO_GAP && code != '&') return NO_GAP;
        if (end == NO_GAP && (end = number_end(source, at, &gap->stand)) != NO_GAP) gap->kind = MARKUP;
        if (end > 0) gap->end = end;
        return end > 0 ? GAP : ASK;
    }
    if (class == BRACKET) {
        if (!is_letter(source, at + 1)) return NO_GAP;
        Py_ssize_t end = reading_end(source, at, written);
        if (end) *gap = (Gap){end, READING, -1};
        return end ? GAP : ASK;
    }
    return class == DOUBLE && (at + 1 == source->length || source->codes[at + 1] != code) ? NO_GAP : ASK;
}

/* Asks about the noise at a place: GAP, NO_GAP, or -1 for an error. */
static int told_gap(const Source *source, Py_ssize_t at, Py_ssize_t written, PyObject *ask, Gap *gap) {
    int answer = -1;
    Py_ssize_t near = written < NEAR ? written : NEAR;
    PyObject *stands, *told = NULL, *before = as_text(source->codes + written - near, near);
    if (before != NULL) told = PyObject_CallFunction(ask, "nO", at, before);
    if (told == Py_None) {
        answer = NO_GAP;
    } else if (told != NULL && !PyTuple_Check(told)) {
        PyErr_SetString(PyExc_TypeError, "this is no noise");
    } else if (told != NULL && PyArg_ParseTuple(told, "niU", &gap->end, &gap->kind, &stands)) {
        Py_ssize_t size = PyUnicode_GetLength(stands);
        if (gap->end <= at || gap->end > source->length || gap->kind > UINT8_MAX || size > 1) {
            PyErr_SetString(PyExc_ValueError, "this is no noise");
        } else {
            gap->stand = size == 1 ? (int)PyUnicode_ReadChar(stands, 0) : -1;
            answer = GAP;
        }
    }
    Py_XDECREF(before);
    Py_XDECREF(told);
    return answer;
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

/* The end of the characters from a place on that begin no noise. */
static Py_ssize_t plain_end(const Source *source, Py_ssize_t at) {
    const uint8_t *classes = source->noise->classes.buf;
    size_t last = (size_t)source->noise->classes.len - 1;
    while (at < source->length && !(classes[source->codes[at] < last ? source->codes[at] : last] & ~LETTER)) at++;
    return at;
}

/* Moves what is no noise to the front of `codes`, whose length then is the result; -1 for an error. */
static Py_ssize_t leave_out(Py_UCS4 *codes, Py_ssize_t length, const Noise *noise, PyObject *ask, Gaps *gaps) {
    const Source source = {codes, length, noise};
    Py_ssize_t at = 0, written = 0;
    while (at < length) {
        Py_ssize_t plain = at;
        at = plain_end(&source, at);
        if (written < plain) memmove(codes + written, codes + plain, (size_t)(at - plain) * sizeof(Py_UCS4));
        written += at - plain;
        if (at == length) break;
        Gap gap;
        int found = known_gap(&source, at, written, &gap);
        if (found == ASK && (found = told_gap(&source, at, written, ask, &gap)) < 0) return -1;
        if (found == NO_GAP) {
            codes[written++] = codes[at++];
        } else if (gap.kind < 0) { /* nothing up to the end is noise */
            while (at < gap.end) codes[written++] = codes[at++];
        } else {
            if (gap.stand >= 0 && gap.stand != '\n' && codes[at] == '&') gap.kind |= STANDS_FOR;
            if (gap.stand >= 0) codes[written++] = (Py_UCS4)gap.stand;
            if (gap.end > at + (gap.stand >= 0) && !add_gap(gaps, written, gap.end, gap.kind)) {
                PyErr_NoMemory();
                return -1;
            }
            at = gap.end;
        }
    }
    return written;
}

/* What the code points become, by a table of unsigned ints; those beyond it stay. */
static void fold_codes(Py_UCS4 *codes, Py_ssize_t length, const Py_buffer *table) {
    const uint32_t *folded = table->buf;
    size_t count = (size_t)table->len / sizeof(uint32_t);
    for (Py_ssize_t at = 0; at < length; at++) codes[at] = codes[at] < count ? folded[codes[at]] : codes[at];
}

static PyObject *clean(PyObject *Py_UNUSED(self), PyObject *arguments) {
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
        result = Py_BuildValue("N(NNN)", as_text(codes, written), as_bytes(gaps.starts, size), as_bytes(gaps.shifts, size),
                               as_bytes(gaps.kinds, gaps.length));
    }
    PyMem_Free(codes);
    free(gaps.starts);
    free(gaps.shifts);
    free(gaps.kinds);
    RELEASE(&noise.classes, &noise.letters, &noise.readings, &noise.folded);
    return result;
}

static PyObject *fold(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer table;
    PyObject *text, *folded = NULL;
    if (!PyArg_ParseTuple(arguments, "y*U", &table, &text)) return NULL;
    Py_ssize_t length;
    Py_UCS4 *codes = code_points(text, &length);
    if (codes != NULL) {
        Py_BEGIN_ALLOW_THREADS
        fold_codes(codes, length, &table);
        Py_END_ALLOW_THREADS
        folded = as_text(codes, length);
        PyMem_Free(codes);
    }
    RELEASE(&table);
    return folded;
}

PyMethodDef cleaning_functions[] = {
    {"clean", clean, METH_VARARGS,
     "clean(text, classes, letters, readings, folded, blocks, inlines, ask) -> (text, (starts, shifts, kinds))"},
    {"fold", fold, METH_VARARGS, "fold(table, text) -> str"},
    {NULL, NULL, 0, NULL},
};
