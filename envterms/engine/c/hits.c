/* What is done with hits: see hits.py. */

#include "engine.h"

enum { FOLDED = 7, REPAIRS = 512 }; /* as in hits.py */

/* What a table says of the character at a place of a text; its last entry is for all code points beyond, and for no character at all. */
static uint16_t said(const Py_buffer *table, PyObject *text, Py_ssize_t length, Py_ssize_t at) {
    size_t last = (size_t)table->len / sizeof(uint16_t) - 1;
    Py_UCS4 code = code_in(text, length, at);
    return ((const uint16_t *)table->buf)[code < last ? code : last];
}

static PyObject *asked(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer starts, ends, forms, rules, before, after;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "Uy*y*y*y*y*y*", &text, &starts, &ends, &forms, &rules, &before, &after)) return NULL;
    const int32_t *start = starts.buf, *end = ends.buf, *form = forms.buf;
    Py_ssize_t length = PyUnicode_GetLength(text), count = rules.len / (Py_ssize_t)sizeof(uint16_t);
    if (before.len < (Py_ssize_t)sizeof(uint16_t) || after.len < (Py_ssize_t)sizeof(uint16_t)) {
        PyErr_SetString(PyExc_ValueError, "there is no table");
    } else if (same_length(&starts, &ends, &forms)) {
        PyObject *hits = PyList_New(0), *whys = PyList_New(0);
        for (size_t at = 0; hits && whys && at < ints(&starts); at++) {
            uint16_t rule = form[at] >= 0 && form[at] < count ? ((const uint16_t *)rules.buf)[form[at]] : 0;
            if (rule) rule &= said(&before, text, length, (Py_ssize_t)start[at] - 1) | said(&after, text, length, end[at]);
            if (!rule) continue;
            append_number(&hits, (long)at);
            append_number(&whys, rule);
        }
        result = Py_BuildValue("NN", hits, whys);
    }
    RELEASE(&starts, &ends, &forms, &rules, &before, &after);
    return result;
}

static PyObject *longest(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer starts, ends, forms, owners, told, terms;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*", &starts, &ends, &forms, &owners, &told, &terms)) return NULL;
    const int32_t *start = starts.buf, *end = ends.buf, *form = forms.buf;
    size_t count = ints(&starts);
    int32_t *winners = malloc((count + 1) * sizeof(int32_t)), *owner = malloc((count + 1) * sizeof(int32_t));
    PyObject *result = NULL;
    if (winners == NULL || owner == NULL) {
        PyErr_NoMemory();
    } else if (told.len != terms.len) {
        PyErr_SetString(PyExc_ValueError, "there is not one term for each hit");
    } else if (same_length(&starts, &ends, &forms)) {
        for (size_t at = 0; at < count; at++) {
            owner[at] = form[at] >= 0 && (size_t)form[at] < ints(&owners) ? ((const int32_t *)owners.buf)[form[at]] : -1;
        }
        for (size_t at = 0; at < ints(&told); at++) {
            int32_t hit = int_at(&told, at);
            if (hit >= 0 && (size_t)hit < count) owner[hit] = int_at(&terms, at);
        }
        int32_t last = INT32_MIN, winner = -1; /* up to where the winner reaches */
        for (size_t at = 0; at < count; at++) {
            winners[at] = -1;
            if (owner[at] < 0) continue;
            if (start[at] >= last) {
                last = end[at];
                winner = winners[at] = (int32_t)at;
            } else if (owner[at] != owner[winner]) {
                winners[at] = winner;
            }
        }
        result = as_bytes(winners, count * sizeof(int32_t));
    }
    free(winners);
    free(owner);
    RELEASE(&starts, &ends, &forms, &owners, &told, &terms);
    return result;
}

static PyObject *adjoining(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer starts, ends, forms, winners;
    int reach;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*i", &starts, &ends, &forms, &winners, &reach)) return NULL;
    PyObject *hits = same_length(&starts, &ends, &forms) && same_length(&starts, &ends, &winners) ? PyList_New(0) : NULL;
    int64_t last = INT32_MIN; /* the end of the kept hit before */
    for (size_t at = 0; hits && at < ints(&starts); at++) {
        int32_t winner = int_at(&winners, at);
        if (winner < 0 || (size_t)winner != at) continue;
        if (int_at(&starts, at) <= last + reach) append_number(&hits, (long)at);
        last = int_at(&ends, at);
    }
    RELEASE(&starts, &ends, &forms, &winners);
    return hits;
}

static PyObject *mended(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer starts, ends, gap_starts, gap_shifts, gap_kinds, marks;
    PyObject *original, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "Uy*y*y*y*y*y*", &original, &starts, &ends, &gap_starts, &gap_shifts, &gap_kinds, &marks)) return NULL;
    const int32_t *start = starts.buf, *end = ends.buf, *places = gap_starts.buf, *shifts = gap_shifts.buf;
    const uint8_t *kinds = gap_kinds.buf, *mark_of = marks.buf;
    size_t count = ints(&starts), gaps = ints(&gap_starts), gap = 0;
    Py_ssize_t length = PyUnicode_GetLength(original);
    uint16_t *bits = calloc(count + 1, sizeof(uint16_t));
    if (bits == NULL) {
        PyErr_NoMemory();
    } else if (starts.len != ends.len || gap_starts.len != gap_shifts.len || (size_t)gap_kinds.len != gaps) {
        PyErr_SetString(PyExc_ValueError, "the columns are not of one length");
    } else {
        for (size_t hit = 0; hit < count; hit++) {
            while (gap < gaps && places[gap] <= start[hit]) gap++;
            size_t next = gap;
            for (int64_t at = start[hit]; at < end[hit] && at < length; at++) { /* no text is longer than its original */
                for (; next < gaps && places[next] <= at; next++) bits[hit] |= (uint16_t)(1u << (kinds[next] & 15));
                Py_UCS4 code = code_in(original, length, (Py_ssize_t)(at + (next ? shifts[next - 1] : 0)));
                int mark = code < (size_t)marks.len ? mark_of[code] : 0;
                if (mark) bits[hit] |= (uint16_t)(1u << ((mark + FOLDED - 1) & 15));
            }
        }
        result = as_bytes(bits, count * sizeof(uint16_t));
    }
    free(bits);
    RELEASE(&starts, &ends, &gap_starts, &gap_shifts, &gap_kinds, &marks);
    return result;
}

static PyObject *coded(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer ends, forms, winners, mendings;
    PyObject *codes = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*", &ends, &forms, &winners, &mendings)) return NULL;
    const int32_t *end = ends.buf, *form = forms.buf, *winner = winners.buf;
    if ((size_t)mendings.len / sizeof(uint16_t) != ints(&ends)) {
        PyErr_SetString(PyExc_ValueError, "the columns are not of one length");
    } else if (same_length(&ends, &forms, &winners)) {
        codes = PyList_New(0);
    }
    for (size_t at = 0; codes && at < ints(&ends); at++) {
        if (winner[at] < 0 || (size_t)winner[at] >= ints(&ends)) continue;
        int state = (size_t)winner[at] == at ? 0 : end[at] <= end[winner[at]] ? 1 : 2;
        int repairs = ((const uint16_t *)mendings.buf)[at] & (REPAIRS - 1);
        append(&codes, PyLong_FromLongLong((form[at] * 3LL + state) * REPAIRS + repairs));
    }
    RELEASE(&ends, &forms, &winners, &mendings);
    return codes;
}

PyMethodDef hit_functions[] = {
    {"adjoining", adjoining, METH_VARARGS, "adjoining(starts, ends, forms, winners, reach) -> hits"},
    {"asked", asked, METH_VARARGS, "asked(text, starts, ends, forms, rules, before, after) -> (hits, whys)"},
    {"coded", coded, METH_VARARGS, "coded(ends, forms, winners, mended) -> codes"},
    {"longest", longest, METH_VARARGS, "longest(starts, ends, forms, owners, told, terms) -> winners"},
    {"mended", mended, METH_VARARGS, "mended(original, starts, ends, gap_starts, gap_shifts, gap_kinds, marks) -> kinds of repairs"},
    {NULL, NULL, 0, NULL},
};
