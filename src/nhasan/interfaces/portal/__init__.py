"""The door for the public: server-rendered, cacheable pages over what was released."""
