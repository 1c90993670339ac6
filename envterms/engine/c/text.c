/* Up to where bytes are UTF-8, and what a text weighs. */

#include "engine.h"

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

static PyObject *utf8_end(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer data;
    if (!PyArg_ParseTuple(arguments, "y*", &data)) return NULL;
    size_t end;
    Py_BEGIN_ALLOW_THREADS
    end = utf8_length(data.buf, (size_t)data.len);
    Py_END_ALLOW_THREADS
    RELEASE(&data);
    return PyLong_FromSize_t(end);
}

static PyObject *total(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer weights;
    PyObject *text, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*U", &weights, &text)) return NULL;
    Py_ssize_t length;
    Py_UCS4 *codes = NULL;
    if (weights.len == 0) {
        PyErr_SetString(PyExc_ValueError, "there are no weights");
    } else if ((codes = code_points(text, &length)) != NULL) {
        long long sum = 0;
        Py_BEGIN_ALLOW_THREADS
        const uint8_t *weight = weights.buf;
        size_t last = (size_t)weights.len - 1;
        for (Py_ssize_t at = 0; at < length; at++) sum += weight[codes[at] < last ? codes[at] : last];
        Py_END_ALLOW_THREADS
        result = PyLong_FromLongLong(sum);
    }
    PyMem_Free(codes);
    RELEASE(&weights);
    return result;
}

PyMethodDef text_functions[] = {
    {"total", total, METH_VARARGS, "total(weights, text) -> int"},
    {"utf8_end", utf8_end, METH_VARARGS, "utf8_end(data) -> place"},
    {NULL, NULL, 0, NULL},
};
