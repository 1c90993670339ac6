/* What is done with hits: see hits.py. */

#include "engine.h"

enum { FOLDED = 7, REPAIRS = 512 }; /* as in hits.py */

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

PyMethodDef hit_functions[] = {
    {"adjoining", adjoining, METH_VARARGS, "adjoining(starts, ends, forms, winners) -> hits"},
    {"asked", asked, METH_VARARGS, "asked(text, starts, ends, forms, rules, before, after) -> (hits, whys)"},
    {"coded", coded, METH_VARARGS, "coded(ends, forms, winners, mended) -> codes"},
    {"longest", longest, METH_VARARGS, "longest(starts, ends, forms, owners, told, terms) -> winners"},
    {"mended", mended, METH_VARARGS, "mended(original, starts, ends, gap_starts, gap_shifts, gap_kinds, marks) -> kinds of repairs"},
    {NULL, NULL, 0, NULL},
};
