/* Seeks the forms of a trie in a text: see trie.py. */

#include "trie.h"

enum { PARTICLE = 1, LONG = 6, PART = 2, FIRST = 40503, SECOND = 1021 }; /* as in trie.py */

/* Bits of which the number is a power of two. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
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

static Bits bits_of(const Py_buffer *table) { return (Bits){table->buf, 8 * (size_t)table->len}; }

static int are_bits(const Bits *bits) { return bits->count && !(bits->count & (bits->count - 1)); }

/* The bit at a place; behind the last one comes the first. */
static int bit(const Bits *bits, uint32_t place) {
    size_t at = place & (bits->count - 1);
    return bits->bytes[at >> 3] >> (at & 7) & 1;
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
static int walk(const Tables *tables, const uint16_t *classes, int32_t length, int32_t start, Ending *whole, Ending *broken, Hits *hits) {
    const Trie *trie = &tables->trie;
    int32_t state = 0, at = start, fork = -1, particle = -1;
    int32_t wholes = 0, brokens = 0;
    while (at < length && at - start < tables->longest) {
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
        while (at < length && classes[at] != PARTICLE && at - start <= tables->longest) {
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
static int32_t begun(const Tables *tables, const uint16_t *classes, int32_t start, int32_t end, int32_t *places) {
    int32_t pairs = 0, count = 0;
    for (int32_t at = start; at < end; at++) {
        uint32_t pair = (uint32_t)classes[at] * FIRST + (uint32_t)classes[at + 1] * SECOND;
        places[pairs] = at;
        pairs += bit(&tables->pairs, pair);
    }
    for (int32_t number = 0; number < pairs; number++) {
        int32_t at = places[number];
        uint32_t pair = (uint32_t)classes[at] * FIRST + (uint32_t)classes[at + 1] * SECOND;
        places[count] = at;
        count += bit(&tables->beginnings, pair + classes[at + 2]) | bit(&tables->shorts, pair);
    }
    return count;
}

enum { STRETCH = 4096 }; /* characters that are looked at together */

/* Adds the hits in a text; `classes` has room for two more than the text has characters, `endings` for twice as many as a form has. */
static int search_in(const Tables *tables, const Py_UCS4 *codes, int32_t length, uint16_t *classes, Ending *endings, Hits *hits) {
    int32_t places[STRETCH];
    for (int32_t at = 0; at < length; at++) classes[at] = class_of(&tables->trie, codes[at]);
    classes[length] = classes[length + 1] = 0;
    for (int32_t start = 0; start < length; start += STRETCH) {
        int32_t count = begun(tables, classes, start, length - start < STRETCH ? length : start + STRETCH, places);
        for (int32_t number = 0; number < count; number++) {
            if (!walk(tables, classes, length, places[number], endings, endings + tables->longest + 1, hits)) return 0;
        }
    }
    return 1;
}

static int search(const Tables *tables, const Py_UCS4 *codes, Py_ssize_t length, Hits *hits) {
    uint16_t *classes = malloc(((size_t)length + 2) * sizeof(uint16_t));
    Ending *endings = malloc(2 * ((size_t)tables->longest + 1) * sizeof(Ending));
    int done = classes && endings && search_in(tables, codes, (int32_t)length, classes, endings, hits);
    free(classes);
    free(endings);
    return done;
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
    if (is_empty(&tables.trie) || !are_bits(&tables.pairs) || !are_bits(&tables.beginnings) || !are_bits(&tables.shorts) || longest < 0 ||
        longest > INT32_MAX / 4 || forms < 0 || forms > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of a trie");
    } else if ((codes = code_points(text, &length)) != NULL) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = search(&tables, codes, length, &hits);
        Py_END_ALLOW_THREADS
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
    {"completed", completed, METH_VARARGS, "completed(classes, cells, text, end, rest, reach) -> starts"},
    {"continued", continued, METH_VARARGS, "continued(classes, cells, head, text, start, reach) -> ends"},
    {"find", find, METH_VARARGS, "find(classes, cells, text) -> number"},
    {"scan", scan, METH_VARARGS, "scan(classes, cells, pairs, beginnings, short, forms, longest, text) -> (starts, ends, numbers)"},
    {NULL, NULL, 0, NULL},
};
