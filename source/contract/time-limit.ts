/** How a log says that a program was ended since its time was over (the verb `within` in verbs.sh). */
export const timeIsOver = /^It had not come to an end after (?<minutes>\S+) minutes/;
