/* Which rules may hold, or do hold, where hits stand. */

#include "trie.h"

enum { LEFT = 1, RIGHT = 2, ANYWHERE = 4, BRACKETS = 8, LISTED = 16, MEMBER = 12, UNKNOWN = 2, WORD = 6 }; /* as in hits.py and coordination.py */

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

/* Whether a character is one of 两二三四五六七八九十, of which one stands before 大. */
static int is_few(Py_UCS4 code) {
    static const uint16_t few[] = {0x4e24, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341};
    for (size_t at = 0; at < sizeof(few) / sizeof(*few); at++) {
        if (code == few[at]) return 1;
    }
    return 0;
}

/* Whether members may stand before the sign at `[start, end)`, which is 等 or 大 and what they share. */
static int may_list(const Path *path, Py_ssize_t start, Py_ssize_t end) {
    Py_ssize_t least = end - start - 1;
    if (code_at(path, start) != 0x5927) return makes_form(path, start, start, end, least);
    if (!is_few(code_at(path, start - 1))) return 0; /* before which may stand 等 as well */
    return makes_form(path, start - 1, start, end, least) || (start > 1 && makes_form(path, start - 2, start, end, least));
}

/* What is left of the ways in which a hit may be in a series. */
static int32_t ways_left(const Path *path, Py_ssize_t start, Py_ssize_t end, int32_t why, int tail, int head) {
    int anywhere = why & ANYWHERE;
    int left = why & (LEFT | ANYWHERE) && may_close(path, start, end, tail, anywhere);
    int right = why & (RIGHT | ANYWHERE) && may_open(path, start, end, head, anywhere);
    return (why & BRACKETS) | (left ? LEFT : 0) | (right ? RIGHT : 0);
}

static PyObject *joinable(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells, starts, ends, forms, winners, places, whys, tails, heads;
    PyObject *text, *result = NULL;
    int signs;
    if (!PyArg_ParseTuple(arguments, "y*y*iUy*y*y*y*y*y*y*y*", &classes, &cells, &signs, &text, &starts, &ends, &forms, &winners, &places,
                          &whys, &tails, &heads))
        return NULL;
    Trie trie = trie_of(&classes, &cells, signs);
    Path path = path_of(&trie, text);
    if (is_empty(&trie) || places.len != whys.len || tails.len != heads.len) {
        PyErr_SetString(PyExc_ValueError, "the tables are not of these hits");
    } else if (same_length(&starts, &ends, &forms) && same_length(&starts, &ends, &winners)) {
        PyObject *hits = PyList_New(0), *ways = PyList_New(0);
        for (size_t at = 0; hits && ways && at < ints(&places); at++) {
            int32_t hit = int_at(&places, at), why = int_at(&whys, at), way = 0;
            if (hit < 0 || (size_t)hit >= ints(&starts)) continue;
            int32_t start = int_at(&starts, hit), end = int_at(&ends, hit), form = int_at(&forms, hit);
            if (int_at(&winners, hit) == hit) {
                if (form < 0 || form >= tails.len) way = why & (LEFT | RIGHT | ANYWHERE | BRACKETS); /* 的 stands in it, or it is a name */
                else way = ways_left(&path, start, end, why, ((const uint8_t *)tails.buf)[form], ((const uint8_t *)heads.buf)[form]);
            }
            if (why & LISTED && may_list(&path, start, end)) way |= LISTED;
            if (!way) continue;
            append_number(&hits, hit);
            append_number(&ways, way);
        }
        result = Py_BuildValue("NN", hits, ways);
    }
    RELEASE(&classes, &cells, &starts, &ends, &forms, &winners, &places, &whys, &tails, &heads);
    return result;
}

enum { FILLER = 1, VERB = 2, ADVERB = 4, REACH = 24 }; /* as in context.py */

/* The role of the word that ends at a state of the trie of words. */
static int role_at(const Path *path, int32_t state, const Py_buffer *roles) {
    int32_t word = state >= 0 ? form_at(&path->trie, state) : -1;
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

static PyObject *verbs(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells, roles, places;
    PyObject *text, *found = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*Uy*", &classes, &cells, &roles, &text, &places)) return NULL;
    Trie trie = trie_of(&classes, &cells, INT32_MAX);
    Path path = path_of(&trie, text);
    if (is_empty(&trie)) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of words");
    } else {
        found = PyList_New(0);
    }
    for (size_t at = 0; found && at < ints(&places); at++) {
        Py_ssize_t place = int_at(&places, at), end;
        if (place < 0 || place > path.length) {
            PyErr_SetString(PyExc_ValueError, "the place is not of this text");
            Py_CLEAR(found);
        } else {
            Py_ssize_t start = verbs_before(&path, &roles, place, &end);
            append(&found, PyUnicode_Substring(text, start, end));
        }
    }
    RELEASE(&classes, &cells, &roles, &places);
    return found;
}

enum { BEFORE, AFTER, CLAUSE, SENTENCE, OTHERWISE, AROUND = 200, UNDECIDED = -1, OPEN = -2 }; /* as in senses.py */

/* A list of rules in a table of C ints: their number, then for each where its cues are sought, their number, and for each cue its length
   and code points. Reading beyond the table ends in zeros. */
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

/* The first rule that holds for the text at `[start, end)` and its cue, as one number; UNDECIDED if none does, OPEN if Python must be
   asked. */
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

static PyObject *decided(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer table, lists, starts, ends, forms, places;
    PyObject *text, *result = NULL;
    int form_count;
    if (!PyArg_ParseTuple(arguments, "y*y*iUy*y*y*y*", &table, &lists, &form_count, &text, &starts, &ends, &forms, &places)) return NULL;
    Path path = {.text = text, .length = PyUnicode_GetLength(text)};
    if (same_length(&starts, &ends, &forms)) {
        PyObject *hits = PyList_New(0), *codes = PyList_New(0);
        for (size_t at = 0; hits && codes && at < ints(&places); at++) {
            int32_t hit = int_at(&places, at);
            if (hit < 0 || (size_t)hit >= ints(&starts)) continue;
            int32_t start = int_at(&starts, hit), end = int_at(&ends, hit), form = int_at(&forms, hit);
            if (start < 0 || end < 0 || form < 0 || form_count <= 0) continue;
            size_t whole = (size_t)(form % form_count); /* without the 的 that stands in it */
            int32_t list = whole < ints(&lists) ? int_at(&lists, whole) : 0;
            if (list <= 0) continue;
            Rules rules = {table.buf, ints(&table), (size_t)list};
            long code = decision(&path, &rules, start, end);
            if (code == UNDECIDED) continue;
            append_number(&hits, hit);
            append_number(&codes, code);
        }
        result = Py_BuildValue("NN", hits, codes);
    }
    RELEASE(&table, &lists, &starts, &ends, &forms, &places);
    return result;
}

PyMethodDef rule_functions[] = {
    {"decided", decided, METH_VARARGS, "decided(rules, lists, forms, text, starts, ends, numbers, hits) -> (hits, codes)"},
    {"joinable", joinable, METH_VARARGS,
     "joinable(classes, cells, forms, text, starts, ends, numbers, winners, hits, whys, tails, heads) -> (hits, ways)"},
    {"verbs", verbs, METH_VARARGS, "verbs(classes, cells, roles, text, places) -> the verbs before the places"},
    {NULL, NULL, 0, NULL},
};
