/** The last but one state of the accounts, as the tools that edit them keep it (passwd(5), FILES): with the password of a user who is gone. */
export const accountCopies = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'].map(name => `/etc/${name}-`);
