/* Seeks the forms of a trie in a text: see trie.py. */

#include "trie.h"

enum { PARTICLE = 1, LONG = 6, PART = 2 }; /* as in trie.py */

static const uint32_t FACTORS[] = {0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f};

/* Bits of which the number is a power of two; their numbers are the highest digits of 32. */
typedef struct {
    const uint8_t *bytes;
    int unused;
} Bits;

/* All of a Trie of trie.py. */
typedef struct {
    Trie trie;
    Bits pairs, beginnings, shorts;
    int32_t longest;
} Tables;

typedef struct {
    int32_t *start, *end, *form;
    size_t length, room;
} Hits;

typedef struct {
    int32_t end, form;
} Ending;

/* The bits of a table, none if they are not as many as they must be. */
static Bits bits_of(const Py_buffer *table) {
    int unused = 29;
    while (unused > 0 && (Py_ssize_t)1 << (29 - unused) < table->len) unused--;
    return (Bits){(Py_ssize_t)1 << (29 - unused) == table->len ? table->buf : NULL, unused};
}

static inline int bit(const Bits *bits, uint32_t number) {
    number >>= bits->unused;
    return bits->bytes[number >> 3] >> (number & 7) & 1;
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

/* Adds the hits at a place, the longest first; `whole` and `broken` have room for tables->longest endings. */
static int walk(const Tables *tables, const Py_UCS4 *codes, int32_t length, int32_t start, Ending *whole, Ending *broken, Hits *hits) {
    const Trie *trie = &tables->trie;
    int32_t state = 0, at = start, fork = -1, particle = -1;
    int32_t wholes = 0, brokens = 0;
    while (at < length && at - start < tables->longest) {
        uint16_t class = class_of(trie, codes[at]);
        if (class == PARTICLE && particle < 0) { /* only the first may be left out */
            particle = at;
            if (at - start >= PART) fork = state;
        }
        int32_t next = step(trie, state, class);
        if (next < 0) break;
        state = next;
        at++;
        int32_t form = form_at(trie, state);
        if (form >= 0) whole[wholes++] = (Ending){at, form};
    }
    if (fork >= 0) {
        state = fork;
        at = particle + 1;
        while (at < length && at - start <= tables->longest) {
            uint16_t class = class_of(trie, codes[at]);
            state = class == PARTICLE ? -1 : step(trie, state, class);
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
   would have to guess. Code points BEHIND the text are read too. */
static int32_t begun(const Tables *tables, const Py_UCS4 *codes, int32_t start, int32_t end, int32_t *places) {
    int32_t pairs = 0, count = 0;
    for (int32_t at = start; at < end; at++) {
        places[pairs] = at;
        pairs += bit(&tables->pairs, codes[at] * FACTORS[0] + codes[at + 1] * FACTORS[1]);
    }
    for (int32_t number = 0; number < pairs; number++) {
        const Py_UCS4 *code = codes + places[number];
        uint32_t one = code[0] * FACTORS[0], two = one + code[1] * FACTORS[1], three = two + code[2] * FACTORS[2];
        places[count] = places[number];
        count += bit(&tables->beginnings, three + code[3] * FACTORS[3]) | bit(&tables->shorts, one) | bit(&tables->shorts, two) |
                 bit(&tables->shorts, three);
    }
    return count;
}

enum { STRETCH = 4096 }; /* characters that are looked at together */

/* Adds the hits in a text; `endings` has room for twice as many as a form has. */
static int search(const Tables *tables, const Py_UCS4 *codes, int32_t length, Ending *endings, Hits *hits) {
    int32_t places[STRETCH];
    for (int32_t start = 0; start < length; start += STRETCH) {
        int32_t count = begun(tables, codes, start, length - start < STRETCH ? length : start + STRETCH, places);
        for (int32_t number = 0; number < count; number++) { /* walks wait for memory more than for anything else */
            int32_t state = step(&tables->trie, 0, class_of(&tables->trie, codes[places[number]]));
            if (state >= 0) fetch(&tables->trie, state, class_of(&tables->trie, codes[places[number] + 1]));
        }
        for (int32_t number = 0; number < count; number++) {
            if (!walk(tables, codes, length, places[number], endings, endings + tables->longest + 1, hits)) return 0;
        }
    }
    return 1;
}

static PyObject *scan(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells, pairs, beginnings, shorts;
    int forms, longest;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*iiU", &classes, &cells, &pairs, &beginnings, &shorts, &forms, &longest, &text)) return NULL;
    const Tables tables = {trie_of(&classes, &cells, forms), bits_of(&pairs), bits_of(&beginnings), bits_of(&shorts), longest};
    Hits hits = {0};
    Py_ssize_t length;
    Py_UCS4 *codes = NULL;
    if (is_empty(&tables.trie) || !tables.pairs.bytes || !tables.beginnings.bytes || !tables.shorts.bytes || longest < 0 ||
        longest > INT32_MAX / 4 || forms < 0 || forms > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of a trie");
    } else if ((codes = code_points(text, &length)) != NULL) {
        Ending *endings = malloc(2 * ((size_t)longest + 1) * sizeof(Ending));
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = endings && search(&tables, codes, (int32_t)length, endings, &hits);
        Py_END_ALLOW_THREADS
        free(endings);
        if (done) {
            size_t size = hits.length * sizeof(int32_t);
            result = Py_BuildValue("NNN", as_bytes(hits.start, size), as_bytes(hits.end, size), as_bytes(hits.form, size));
        } else {
            PyErr_NoMemory();
        }
    }
    PyMem_Free(codes);
    free(hits.start);
    free(hits.end);
    free(hits.form);
    RELEASE(&classes, &cells, &pairs, &beginnings, &shorts);
    return result;
}

static PyObject *find(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells;
    PyObject *text;
    if (!PyArg_ParseTuple(arguments, "y*y*U", &classes, &cells, &text)) return NULL;
    Trie trie = trie_of(&classes, &cells, INT32_MAX);
    Path path = path_of(&trie, text);
    int32_t state = is_empty(&trie) ? -1 : state_behind(&path, 0, 0, path.length);
    long number = state < 0 ? -1 : form_at(&trie, state);
    RELEASE(&classes, &cells);
    return PyLong_FromLong(number);
}

/* An empty list for what is found at places of a text; NULL, with an error, if they or the tables are wrong. */
static PyObject *opened(const Trie *trie, int are_places) {
    if (are_places && !is_empty(trie)) return PyList_New(0);
    PyErr_SetString(PyExc_ValueError, "the places or the tables are not of this text");
    return NULL;
}

static PyObject *completed(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells;
    PyObject *text, *rest;
    Py_ssize_t end, reach;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUnUn", &classes, &cells, &forms, &text, &end, &rest, &reach)) return NULL;
    Trie trie = trie_of(&classes, &cells, forms);
    Path path = path_of(&trie, text), behind = path_of(&trie, rest);
    PyObject *starts = opened(&trie, end >= 0 && end <= path.length && reach >= 0);
    for (Py_ssize_t start = reach < end ? end - reach : 0; starts && start < end; start++) {
        int32_t state = state_behind(&behind, state_behind(&path, 0, start, end), 0, behind.length);
        if (is_form(&path, state)) append_number(&starts, (long)start);
    }
    RELEASE(&classes, &cells);
    return starts;
}

static PyObject *continued(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells;
    PyObject *text, *head;
    Py_ssize_t start, reach;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUUnn", &classes, &cells, &forms, &head, &text, &start, &reach)) return NULL;
    Trie trie = trie_of(&classes, &cells, forms);
    Path path = path_of(&trie, text), before = path_of(&trie, head);
    PyObject *ends = opened(&trie, start >= 0 && start <= path.length && reach >= 0);
    int32_t state = ends ? state_behind(&before, 0, 0, before.length) : -1;
    for (Py_ssize_t at = start; ends && state >= 0 && at < path.length && at - start < reach; at++) {
        state = state_behind(&path, state, at, at + 1);
        if (is_form(&path, state)) append_number(&ends, (long)at + 1);
    }
    if (ends && PyList_Reverse(ends) < 0) Py_CLEAR(ends);
    RELEASE(&classes, &cells);
    return ends;
}

static PyObject *bridged(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer classes, cells;
    PyObject *text;
    Py_ssize_t left, right, reach;
    int forms;
    if (!PyArg_ParseTuple(arguments, "y*y*iUnnn", &classes, &cells, &forms, &text, &left, &right, &reach)) return NULL;
    Trie trie = trie_of(&classes, &cells, forms);
    Path path = path_of(&trie, text);
    PyObject *spans = opened(&trie, left >= 0 && left <= right && right <= path.length && reach >= 0);
    for (Py_ssize_t start = left - 1; spans && left - start <= reach && is_chinese(code_at(&path, start)); start--) {
        int32_t state = state_behind(&path, 0, start, left);
        for (Py_ssize_t at = right; spans && state >= 0 && at - right < reach && is_chinese(code_at(&path, at)); at++) {
            state = state_behind(&path, state, at, at + 1);
            if (is_form(&path, state)) append(&spans, Py_BuildValue("nn", start, at + 1));
        }
    }
    RELEASE(&classes, &cells);
    return spans;
}

PyMethodDef trie_functions[] = {
    {"bridged", bridged, METH_VARARGS, "bridged(classes, cells, forms, text, left, right, reach) -> spans"},
    {"completed", completed, METH_VARARGS, "completed(classes, cells, forms, text, end, rest, reach) -> starts"},
    {"continued", continued, METH_VARARGS, "continued(classes, cells, forms, head, text, start, reach) -> ends"},
    {"find", find, METH_VARARGS, "find(classes, cells, text) -> number"},
    {"scan", scan, METH_VARARGS, "scan(classes, cells, pairs, beginnings, short, forms, longest, text) -> (starts, ends, numbers)"},
    {NULL, NULL, 0, NULL},
};
