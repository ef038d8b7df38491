<%@ page session="false" trimDirectiveWhitespaces="true" %>
<jsp:forward page="/static/bytes-200000.bin" />
