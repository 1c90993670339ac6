/* The loops of envterms.engine in C, with the same results as plain.py, in which they are easier to read.

   The tables come from Trie (trie.py) and may come from a damaged file, so nothing is read without a look at the bounds. */

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PARTICLE = 1, LONG = 6, PART = 2, PAIR_FACTOR = 2533 }; /* as in trie.py */

typedef struct {
    int32_t *start, *end, *form;
    size_t length, room;
} Hits;

typedef struct {
    const uint16_t *classes;
    const int32_t *base, *check, *out;
    const uint8_t *pairs;
    size_t class_count, state_count, pair_count;
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

static PyObject *fold(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer table;
    PyObject *text;
    if (!PyArg_ParseTuple(arguments, "y*U", &table, &text)) return NULL;
    PyObject *folded = NULL;
    Py_ssize_t length;
    Py_UCS4 *codes = code_points(text, &length);
    if (codes != NULL) {
        size_t count = (size_t)table.len / sizeof(uint32_t);
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t at = 0; at < length; at++) {
            if (codes[at] < count) codes[at] = ((const uint32_t *)table.buf)[codes[at]];
        }
        Py_END_ALLOW_THREADS
        folded = as_text(codes, length);
        PyMem_Free(codes);
    }
    PyBuffer_Release(&table);
    return folded;
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

/* The class of the character at a place, 0 behind the text. */
static int class_at(const Py_buffer *classes, const Py_UCS4 *codes, Py_ssize_t length, Py_ssize_t at) {
    Py_ssize_t last = classes->len - 1;
    return at < length ? ((const uint8_t *)classes->buf)[(Py_ssize_t)codes[at] < last ? (Py_ssize_t)codes[at] : last] : 0;
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

/* Whether no term runs on across white space: is_hard of cleaning.py. */
static int is_hard(const Py_UCS4 *space, Py_ssize_t length) {
    int lines = 0, indent = -1; /* how many ideographic spaces follow a new line, with blanks alone before them; -1 if there is none */
    for (Py_ssize_t at = 0; at < length; at++) {
        Py_UCS4 code = space[at];
        if (code == '\t' || code == '\f') return 1;
        int breaks = code == '\n' || code == '\r' || code == 0x2028 || code == 0x2029;
        lines += (breaks && !(code == '\n' && at && space[at - 1] == '\r')) || code == 0x0b || code == 0x85;
        if (breaks) indent = 0;
        else if (indent >= 0 && code == 0x3000) indent++;
        else if (indent != 0 || (code != ' ' && code != 0xa0)) indent = -1;
        if (lines > 1 || indent == 2) return 1;
    }
    return 0;
}

/* Asks about the noise at a place: 1 with its end, kind and stand-in (-1 if none), 0 if there is none, -1 for an error. */
static int asked(PyObject *ask, const Py_UCS4 *codes, Py_ssize_t length, Py_ssize_t at, Py_ssize_t written, Py_ssize_t *end, int *kind,
                 int *stand) {
    int answer = -1;
    Py_ssize_t near = written < NEAR ? written : NEAR;
    PyObject *stands, *told = NULL, *before = as_text(codes + written - near, near);
    if (before != NULL) told = PyObject_CallFunction(ask, "nnO", at, written, before);
    if (told == Py_None) {
        answer = 0;
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
static Py_ssize_t leave_out(Py_UCS4 *codes, Py_ssize_t length, const Py_buffer *classes, PyObject *ask, Gaps *gaps) {
    Py_ssize_t at = 0, written = 0;
    while (at < length) {
        int class = class_at(classes, codes, length, at) & ~LETTER;
        Py_ssize_t end = at + 1;
        int kind = class - 1, stand = -1, simple = 0;
        if (class && class <= SPACE) {
            while ((class_at(classes, codes, length, end) & ~LETTER) == class) end++;
            simple = class != SPACE || end == length || (codes[end] != '<' && codes[end] != '&' && codes[end] != '\\');
            if (class == SPACE && simple && is_hard(codes + at, end - at)) stand = '\n';
        } else if (!class || (class == BRACKET && !(class_at(classes, codes, length, end) & LETTER)) ||
                   (class == DOUBLE && (end == length || codes[end] != codes[at]))) {
            codes[written++] = codes[at++];
            continue;
        }
        if (!simple) {
            int answer = asked(ask, codes, length, at, written, &end, &kind, &stand);
            if (answer < 0) return -1;
            if (!answer || kind < 0) {
                if (!answer) end = at + 1;
                while (at < end) codes[written++] = codes[at++];
                continue;
            }
        }
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
    Py_buffer classes;
    PyObject *text, *ask, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "Uy*O", &text, &classes, &ask)) return NULL;
    Py_ssize_t length, written = -1;
    Py_UCS4 *codes = NULL;
    Gaps gaps = {0};
    if (classes.len == 0) {
        PyErr_SetString(PyExc_ValueError, "there are no classes");
    } else if ((codes = code_points(text, &length)) != NULL) {
        written = leave_out(codes, length, &classes, ask, &gaps);
    }
    if (written >= 0) {
        PyObject *cleaned = as_text(codes, written);
        PyObject *starts = PyBytes_FromStringAndSize((const char *)gaps.starts, (Py_ssize_t)(gaps.length * sizeof(int32_t)));
        PyObject *shifts = PyBytes_FromStringAndSize((const char *)gaps.shifts, (Py_ssize_t)(gaps.length * sizeof(int32_t)));
        PyObject *kinds = PyBytes_FromStringAndSize((const char *)gaps.kinds, (Py_ssize_t)gaps.length);
        if (cleaned && starts && shifts && kinds) result = PyTuple_Pack(4, cleaned, starts, shifts, kinds);
        Py_XDECREF(cleaned);
        Py_XDECREF(starts);
        Py_XDECREF(shifts);
        Py_XDECREF(kinds);
    }
    PyMem_Free(codes);
    free(gaps.starts);
    free(gaps.shifts);
    free(gaps.kinds);
    PyBuffer_Release(&classes);
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
    int64_t place = (int64_t)trie->base[state] + class;
    return place >= 0 && place < (int64_t)trie->state_count && trie->check[place] == state ? (int32_t)place : -1;
}

/* The form that ends at a state, -1 if there is none. */
static int32_t form_at(const Trie *trie, int32_t state) {
    int32_t form = trie->out[state];
    return form < trie->forms ? form : -1;
}

/* Adds the hits at each place, the longest first; `whole` and `broken` have room for trie->longest endings. */
static int walk(const Trie *trie, const uint16_t *classes, int32_t length, Ending *whole, Ending *broken, Hits *hits) {
    for (int32_t start = 0; start < length; start++) {
        size_t pair = (size_t)classes[start] * PAIR_FACTOR + classes[start + 1];
        if (!trie->pairs[pair & (trie->pair_count - 1)]) continue;
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
                if (form >= 0 && at - start > LONG && at - particle > PART) {
                    broken[brokens++] = (Ending){at, trie->forms + form};
                }
            }
        }
        while (wholes || brokens) {
            int first = wholes && (!brokens || whole[wholes - 1].end >= broken[brokens - 1].end);
            if (!add(hits, start, first ? whole[--wholes] : broken[--brokens])) return 0;
        }
    }
    return 1;
}

static int search(const Trie *trie, const Py_UCS4 *codes, Py_ssize_t length, Hits *hits) {
    uint16_t *classes = malloc(((size_t)length + 1) * sizeof(uint16_t));
    Ending *endings = malloc(2 * ((size_t)trie->longest + 1) * sizeof(Ending));
    int done = 0;
    if (classes != NULL && endings != NULL) {
        size_t last = trie->class_count - 1;
        for (Py_ssize_t at = 0; at < length; at++) classes[at] = trie->classes[codes[at] < last ? codes[at] : last];
        classes[length] = 0;
        done = walk(trie, classes, (int32_t)length, endings, endings + trie->longest + 1, hits);
    }
    free(classes);
    free(endings);
    return done;
}

static PyObject *as_list(const int32_t *numbers, size_t length) {
    PyObject *list = PyList_New((Py_ssize_t)length);
    for (size_t at = 0; list != NULL && at < length; at++) {
        PyObject *number = PyLong_FromLong(numbers[at]);
        if (number == NULL || PyList_SetItem(list, (Py_ssize_t)at, number) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *scan(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer tables[5]; /* classes, base, check, out, pairs */
    int forms, longest;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*iiU", &tables[0], &tables[1], &tables[2], &tables[3], &tables[4], &forms,
                          &longest, &text)) {
        return NULL;
    }
    Trie trie = {
        .classes = tables[0].buf, .base = tables[1].buf, .check = tables[2].buf, .out = tables[3].buf, .pairs = tables[4].buf,
        .class_count = (size_t)tables[0].len / sizeof(uint16_t), .state_count = (size_t)tables[1].len / sizeof(int32_t),
        .pair_count = (size_t)tables[4].len, .forms = forms, .longest = longest,
    };
    Hits hits = {0};
    Py_ssize_t length;
    Py_UCS4 *codes = NULL;
    if (!trie.class_count || !trie.state_count || !trie.pair_count || (trie.pair_count & (trie.pair_count - 1)) ||
        tables[2].len != tables[1].len || tables[3].len != tables[1].len || longest < 0 || longest > INT32_MAX / 4 || forms < 0 || forms > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "these are no tables of a trie");
    } else if ((codes = code_points(text, &length)) != NULL) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = search(&trie, codes, length, &hits);
        Py_END_ALLOW_THREADS
        if (done) {
            PyObject *starts = as_list(hits.start, hits.length);
            PyObject *ends = as_list(hits.end, hits.length);
            PyObject *numbers = as_list(hits.form, hits.length);
            if (starts && ends && numbers) result = PyTuple_Pack(3, starts, ends, numbers);
            Py_XDECREF(starts);
            Py_XDECREF(ends);
            Py_XDECREF(numbers);
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

static PyMethodDef methods[] = {
    {"clean", clean, METH_VARARGS, "clean(text, classes, ask) -> (text, starts, shifts, kinds)"},
    {"fold", fold, METH_VARARGS, "fold(table, text) -> str"},
    {"total", total, METH_VARARGS, "total(weights, text) -> int"},
    {"scan", scan, METH_VARARGS, "scan(classes, base, check, out, pairs, forms, longest, text) -> (starts, ends, numbers)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The loops of envterms.engine in C.", .m_size = 0, .m_methods = methods,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
