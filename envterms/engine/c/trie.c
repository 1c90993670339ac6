/* Seeks the forms of a trie in a text: see trie.py. */

#include "trie.h"

enum { PARTICLE = 1, LONG = 6, PART = 2, FIRST = 40503, SECOND = 1021 }; /* as in trie.py */

typedef struct {
    int32_t *start, *end, *form;
    size_t length, room;
} Hits;

typedef struct {
    int32_t end, form;
} Ending;

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

PyMethodDef trie_functions[] = {
    {"bridged", bridged, METH_VARARGS, "bridged(classes, cells, forms, text, left, right, reach) -> spans"},
    {"completed", completed, METH_VARARGS, "completed(classes, cells, text, end, rest, reach) -> starts"},
    {"continued", continued, METH_VARARGS, "continued(classes, cells, head, text, start, reach) -> ends"},
    {"find", find, METH_VARARGS, "find(classes, cells, text) -> number"},
    {"scan", scan, METH_VARARGS, "scan(classes, cells, pairs, beginnings, short, forms, longest, text) -> (starts, ends, numbers)"},
    {NULL, NULL, 0, NULL},
};
