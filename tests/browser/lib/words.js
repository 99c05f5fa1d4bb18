// The labels that the tests press in both languages.

export const ENGLISH = {
  locale: "en-HK",
  start: "Log in", user: "User ID/Email", password: "Password", logIn: "Log in",
  addRequest: "+ Request", preview: "Preview", userId: "User ID", request: "Request 1", discard: "Discard", submit: "Submit",
  import: "Paste or upload several at once", lines: "Lines of User ID,Email Address", addLines: "Add these rows", expand: "Expand",
};

export const CHINESE = {
  locale: "zh-HK",
  start: "登入系統", user: "用戶識別碼／電郵", password: "密碼", logIn: "登入",
  addRequest: "+ 申請", preview: "預覽", userId: "用戶識別碼", request: "申請 1", discard: "捨棄", submit: "提交",
  import: "批量貼上或上載", lines: "每行：用戶識別碼,電郵地址", addLines: "加入以上項目", expand: "展開",
};
