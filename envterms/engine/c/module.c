/* The module envterms.engine._native. */

#include "engine.h"

static int add_functions(PyObject *module) {
    PyMethodDef *lists[] = {text_functions, cleaning_functions, trie_functions, rule_functions, hit_functions};
    for (size_t list = 0; list < sizeof(lists) / sizeof(*lists); list++) {
        if (PyModule_AddFunctions(module, lists[list]) < 0) return -1;
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_functions}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The loops of envterms.engine in C.", .m_size = 0, .m_slots = slots,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
