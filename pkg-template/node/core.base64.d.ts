export declare const bytes: string;
