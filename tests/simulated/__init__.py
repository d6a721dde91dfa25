"""A class whose every answer is planned, and worth what an arithmetic of its own says: nothing of cnnex is used."""
