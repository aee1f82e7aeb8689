"""One file a revision; what each made stays as it is, whatever today's tables say."""
