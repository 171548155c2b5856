import type { Remark, TalkSource } from './talk';

type Answer<Data> = Promise<{ data: Data }>;
type Query = { limit?: number; offset?: number };
type Body = { content: string };

/** The calls about comments, which the APIs of the portals have alike. */
interface Calls {
  getAllCommentsOfApi: (call: { path: { apiId: string }; query: Query }) => Answer<Awaited<ReturnType<TalkSource['read']>>>;
  getRepliesOfComment: (call: { path: { apiId: string; commentId: string }; query: Query }) => Answer<{ list?: Remark[] }>;
  addCommentToApi: (call: { path: { apiId: string }; query: { replyTo?: string }; body: Body }) => Promise<unknown>;
  editCommentOfApi: (call: { path: { apiId: string; commentId: string }; body: Body }) => Promise<unknown>;
  deleteComment: (call: { path: { apiId: string; commentId: string } }) => Promise<unknown>;
}

/** The comments on an API, by the calls of one portal. */
export function talkOf(apiId: string, calls: Calls): TalkSource {
  return {
    key: ['comments', apiId],
    read: async (query) => (await calls.getAllCommentsOfApi({ path: { apiId }, query })).data,
    readReplies: async (commentId) => (await calls.getRepliesOfComment({ path: { apiId, commentId }, query: { limit: 200 } })).data,
    add: (content, replyTo) => calls.addCommentToApi({ path: { apiId }, query: { replyTo }, body: { content } }),
    edit: (commentId, content) => calls.editCommentOfApi({ path: { apiId, commentId }, body: { content } }),
    remove: (commentId) => calls.deleteComment({ path: { apiId, commentId } }),
  };
}
