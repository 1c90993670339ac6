/* Which rules may hold, or do hold, where hits stand. */

#include "trie.h"

enum { LEFT = 1, RIGHT = 2, ANYWHERE = 4, BRACKETS = 8, LISTED = 16, MEMBER = 12, UNKNOWN = 2, WORD = 6 }; /* as in coordination.py */

/* Whether a character is one of 、和与及跟暨或, and whether it is any other Chinese character. */
static int is_joint(Py_UCS4 code) {
    return code == 0x3001 || code == 0x548c || code == 0x4e0e || code == 0x53ca || code == 0x8ddf || code == 0x66a8 || code == 0x6216;
}

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

PyMethodDef rule_functions[] = {
    {"decided", decided, METH_VARARGS, "decided(rules, lists, forms, text, starts, ends, numbers, hits) -> (hits, codes)"},
    {"joinable", joinable, METH_VARARGS, "joinable(classes, cells, forms, text, starts, ends, numbers, places, whys, tails, heads) -> whys"},
    {"verbs", verbs, METH_VARARGS, "verbs(classes, cells, roles, text, places) -> the verbs before the places"},
    {NULL, NULL, 0, NULL},
};
