import {
  getApiOptions,
  getApiSwaggerOptions,
  getApisOptions,
  getTagsOptions,
  getThemeOptions,
} from '../client/devportal/@tanstack/react-query.gen';

/** What the catalogue's address asks for. */
export interface CatalogueSearch {
  query?: string;
  tag?: string;
  offset?: number;
}

export function catalogueRead(search: CatalogueSearch) {
  const query = [search.query, search.tag ? `tags:${search.tag}` : ''].filter(Boolean).join(' ');
  return getApisOptions({ query: { limit: CATALOGUE_LIMIT, offset: search.offset ?? 0, query: query || undefined } });
}

export const tagsRead = () => getTagsOptions({ query: { limit: 12 } });

/** The heading that an organization gives its catalogue; one page sees one. */
export const themeRead = () => ({ ...getThemeOptions(), staleTime: Number.POSITIVE_INFINITY });

export const apiRead = (apiId: string) => getApiOptions({ path: { apiId } });

/** The definition changes with a deployment only. */
export const definitionRead = (apiId: string) => ({ ...getApiSwaggerOptions({ path: { apiId } }), staleTime: 300_000 });

export const CATALOGUE_LIMIT = 24;
